"""A small network with random weights, exported for the recogniser."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
import onnx

from engine.config import ClassDecoderConfig
from engine.poses import F32
from plugins.recognizers.graph.metadata import METADATA_KEY
from plugins.recognizers.graph.relations import CHANNELS
from plugins.recognizers.model_metadata import encode
from tests.training.network.nets import SMALL, metadata_of, small_network
from training.network.export import export_step, write_bare
from training.network.network import StepNetwork

TAKEN = tuple(name for name in CHANNELS if name not in ("hand_size", "depth"))
DELAY = 2


def random_network() -> StepNetwork:
    return small_network(msgspec.structs.replace(SMALL, channels=TAKEN, delay=DELAY))


def export_random(path: Path, **changes: object) -> None:
    points = {"scratch_head": ClassDecoderConfig(onset=0.3, offset=0.2)}
    metadata = metadata_of(random_network(), **{"operating_points": points, **changes})
    # An export takes seconds, other words for it do not.
    write_bare(onnx.load_from_string(_exported()), {METADATA_KEY: encode(metadata)}, path)


@cache
def _exported() -> bytes:
    network = random_network()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        export_step(network, metadata_of(network), path)
        return path.read_bytes()


def person(ticks: int, streams: int = 1, seed: int = 0) -> F32:
    """`(T, S, 75, 4)`: someone upright whose joints drift; all in view."""
    rng = np.random.default_rng(seed)
    rest = np.zeros((75, 4))
    rest[:, :2] = rng.normal((0.0, 0.4), 0.2, (75, 2))
    face = {0: (0, -0.8), 2: (0.1, -0.9), 5: (-0.1, -0.9), 7: (0.19, -0.85), 8: (-0.19, -0.85)}
    face |= {11: (0.5, 0), 12: (-0.5, 0)}
    for joint, place in face.items():
        rest[joint, :2] = place
    rest[:, 2] = 1.0
    drift = np.cumsum(rng.normal(0, 0.003, (ticks, streams, 75, 2)), axis=0)
    x = np.broadcast_to(rest, (ticks, streams, 75, 4)).astype(np.float32)
    x[..., :2] += drift.astype(np.float32)
    return x
