"""What a converted network is tried on."""

import cv2
import numpy as np
from matplotlib import cbook

from engine.frames import as_rgb
from engine.poses import F32
from training.pose_onnx.networks import Network

_WHITE = 255.0


def pictures(network: Network) -> F32:
    """Noise, a noisy slope of colours, and a person; the same each time.

    Args:
        network: That is tried.

    Returns:
        `(3, side, side, 3)` RGB in the range of the network.
    """
    side_px = network.side_px
    noise = np.random.default_rng(0).random((side_px, side_px, 3))
    across, down = np.meshgrid(*[np.linspace(0.0, 1.0, side_px)] * 2)
    slope = 0.8 * np.stack((across, down, 1.0 - across), axis=2) + 0.2 * noise
    shown = np.stack((noise, slope, _person(network)))
    return np.asarray(network.low + (network.high - network.low) * shown, np.float32)


def _person(network: Network) -> F32:
    """A public-domain portrait that matplotlib ships, cut as the pose stage would; 0 to 1."""
    path = str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))
    x, y, side = network.view_px
    scale = side / network.side_px
    placed = np.array([[scale, 0.0, x - side / 2], [0.0, scale, y - side / 2]])
    cut = cv2.warpAffine(
        as_rgb(cv2.imread(path), order="bgr"),
        placed,
        (network.side_px, network.side_px),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(cut / _WHITE, np.float32)
