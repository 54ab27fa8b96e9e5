"""Made-up clips of faces whose shape, pose and errors are known."""

import numpy as np
import numpy.typing as npt

from training.face_places.fit import FITTED as FIT_FILE
from training.face_places.fit import Fitted
from training.face_places.material import FaceClip
from training.face_places.shape import whole
from training.fit_files import read_fit
from training.simulator.people import FACE_POINTS

F64 = npt.NDArray[np.float64]
FITTED = read_fit(FIT_FILE, Fitted)
MEAN = whole(FITTED.shape.places)
EAR_PX, FPS = 80.0, 30.0
FRAMES = 120
_LOCAL = dict(
    zip(
        FACE_POINTS,
        np.array([(0.0, -0.22, 0.78), (0.13, 0.0, 0.6), (0.27, 0.0, 0.58), (0.36, -0.01, 0.52),
                  (0.5, -0.15, 0.0), (0.21, -0.55, 0.62)]),
        strict=True,
    )
)  # fmt: skip
_ORDER = ("eye_inner", "eye", "eye_outer")
BODY = np.array(
    [
        _LOCAL["nose"],
        *(_LOCAL[name] for name in _ORDER),
        *(_LOCAL[name] * (-1, 1, 1) for name in _ORDER),
        *(_LOCAL["ear"] * (side, 1, 1) for side in (1, -1)),
        *(_LOCAL["mouth"] * (side, 1, 1) for side in (1, -1)),
    ]
)
"""`(11, 3)` the body's own face points in the head's frame."""


def clip(
    name: str = "made",
    shape: F64 = MEAN,
    nod: F64 | float = 0.0,
    body_nod: F64 | float | None = None,
    errors: F64 | None = None,
    person: str | None = None,
) -> FaceClip:
    """A head before the camera.

    Args:
        name: Of the clip.
        shape: `(22, 3)` of its outline in ear distances.
        nod: `(FRAMES,)` or one for all, rad, nose down.
        body_nod: What the body's points show of it; all of it when omitted.
        errors: `(FRAMES, 22, 2)` of the outline, ear distances.
        person: Who.
    """
    outline = _posed(shape, nod)
    if errors is not None:
        outline[..., :2] += errors
    body = _posed(BODY, nod if body_nod is None else body_nod)
    return FaceClip(
        name=name,
        person=person or name,
        times_s=np.arange(FRAMES) / FPS,
        outline=outline * EAR_PX,
        body=body[..., :2] * EAR_PX,
        found_part=1.0,
    )


def drawn_shapes(count: int, seed: int = 0) -> F64:
    """`(count, 22, 3)` people around the average."""
    return MEAN + FITTED.shape.draw(np.random.default_rng(seed), count)


def _posed(points: F64, nod: F64 | float) -> F64:
    angle = np.broadcast_to(np.asarray(nod, np.float64), FRAMES)
    c, s, none = np.cos(angle), np.sin(angle), np.zeros(FRAMES)
    turn = np.stack(
        [
            np.stack([none + 1, none, none], -1),
            np.stack([none, c, -s], -1),
            np.stack([none, s, c], -1),
        ],
        -2,
    )
    return np.asarray(np.einsum("fij,pj->fpi", turn, points))
