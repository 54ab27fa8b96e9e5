"""The average outline of the faces in the clips, and how people differ from it."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from training.face_places.material import EYES, HALF_NAMES, MIRRORED, NAMES, FaceClip
from training.face_places.similarity import similarity
from training.simulator.geometry import F64

Triple = tuple[float, float, float]

# How far the body's own nose lies before the plane of the ears: `simulator.people`.
_NOSE_AHEAD = 0.78
# What neither speech nor a smile moves.
_RIGID = [
    NAMES.index(name)
    for name in NAMES
    if any(part in name for part in ("forehead", "brow", "temple", "cheekbone", "nose"))
]
_SIGN = np.array([-1.0, 1.0, 1.0])
_NOSE = NAMES.index("nose_tip")
_HALF = [NAMES.index(name) for name in HALF_NAMES]
# Of one person; more say nothing new, as neighbouring frames are alike.
_MOST_FRAMES = 200
_STRAIGHT_RAD = 0.21
_ROUNDS = 5
# Modes beyond this part of the differences are left out.
_KEPT = 0.9


class FaceShape(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Faces in the head's frame, in ear distances, as in `simulator.places`.

    Attributes:
        people: How many it was fitted to.
        places: Name of a place of the middle or the left side to x, y, z.
        modes: Ways in which people differ, each a deviation of every place; a person is the
            average plus each mode times a standard normal number.
        explained: Part of the variance between people that the modes hold.
    """

    people: int
    places: dict[str, Triple]
    modes: tuple[dict[str, Triple], ...]
    explained: float

    def draw(self, rng: np.random.Generator, count: int) -> F64:
        """`(count, 22, 3)`: how the faces of so many people deviate from the average."""
        modes = np.array([whole(mode) for mode in self.modes]).reshape(-1, len(NAMES), 3)
        part: F64 = np.einsum("nk,kpi->npi", rng.standard_normal((count, len(modes))), modes)
        return part


def whole(places: dict[str, Triple]) -> F64:
    """`(22, 3)`: all places, from those of the middle and the left side."""
    left = np.array(
        [places[name.replace("right_", "left_")] for name in NAMES],
    )
    right = np.array([name.startswith("right_") for name in NAMES])
    return np.where(right[:, None], left * _SIGN, left)


def fit_shape(clips: Sequence[FaceClip]) -> FaceShape:
    """Average and differences of the people in some clips; each person counts once."""
    people = {clip.person: [c for c in clips if c.person == clip.person] for clip in clips}
    found = [_Person(own) for own in people.values()]
    # Level is how people look at their cameras, as it is for the body's points.
    shapes = np.stack([p.shape for p in found])
    mean = shapes.mean(axis=0)
    for _ in range(_ROUNDS):
        shapes = np.stack([_levelled(shape, mean) for shape in shapes])
        mean = _levelled(shapes.mean(axis=0), mean)
    shift = np.zeros(3)
    shift[1] = np.median([p.nose_y for p in found]) - mean[_NOSE, 1]
    shift[2] = _NOSE_AHEAD - mean[_NOSE, 2]
    mean = shapes.mean(axis=0)
    modes, explained = _modes(shapes - mean)
    return FaceShape(
        people=len(shapes),
        places=_named(mean + shift),
        modes=tuple(_named(mode) for mode in modes),
        explained=round(explained, 3),
    )


def mean_outline(outline: F64) -> F64:
    """`(22, 3)`: average of `(F, 22, 3)` outlines, whatever the pose; symmetric, its size 1."""
    mean = outline[0] - outline[0].mean(axis=0)
    for _ in range(_ROUNDS):
        mean = similarity(outline, mean).of(outline).mean(axis=0)
        mean /= np.sqrt((mean**2).sum(axis=-1).mean())
    for _ in range(_ROUNDS):
        other = mean[MIRRORED] * _SIGN
        mean = (mean + similarity(other, mean).of(other)) / 2
    return _upright(mean - mean.mean(axis=0))


def _upright(shape: F64) -> F64:
    """Turned so that its sides lie along x."""
    side: F64 = np.linalg.svd(shape - shape[MIRRORED])[2][0]
    side = side * np.sign(side[0])
    up = np.array([0.0, 1.0, 0.0])
    up = up - side * (side @ up)
    up /= np.linalg.norm(up)
    return np.asarray(shape @ np.stack([side, up, np.cross(side, up)]).T)


class _Person:
    """One person's own outline.

    Attributes:
        shape: `(22, 3)` in ear distances, about its middle, nodded as in the median frame that
            sees it from the front.
        nose_y: Height of the nose over the body's eyes in those frames, ear distances.
    """

    def __init__(self, clips: Sequence[FaceClip]) -> None:
        outline = np.concatenate([clip.outline for clip in clips])
        body = np.concatenate([clip.body for clip in clips])
        ears = np.concatenate([clip.ears_px for clip in clips])
        some = np.linspace(0, len(outline) - 1, min(len(outline), _MOST_FRAMES)).astype(int)
        shape = mean_outline(outline[some])
        pose = similarity(shape, outline)
        yaw = np.arctan2(pose.turn[:, 0, 2], pose.turn[:, 2, 2])
        straight = np.abs(yaw) < max(_STRAIGHT_RAD, float(np.abs(yaw).min()) + 0.02)
        ear = ears / pose.scale
        below = outline[:, _NOSE, 1] - body[:, EYES, 1].mean(axis=1)
        nod = float(np.median(np.arcsin(-pose.turn[straight, 1, 2])))
        self.shape = _nodded(shape, nod) / float(np.median(ear[straight]))
        self.nose_y = float(np.median((below / ears)[straight]))


def _levelled(shape: F64, like: F64) -> F64:
    """Nodded and shifted, never scaled, so that what is rigid lies as in `like`."""
    points, onto = shape[_RIGID], like[_RIGID]
    middle, goal = points.mean(axis=0), onto.mean(axis=0)
    a, b = (points - middle)[:, 1:], (onto - goal)[:, 1:]
    angle = np.arctan2((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum(), (a * b).sum())
    return np.asarray(_nodded(shape - middle, float(angle)) + goal)


def _nodded(shape: F64, angle: float) -> F64:
    return np.asarray(shape @ _nod(angle).T)


def _nod(angle: float) -> F64:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def _modes(apart: F64) -> tuple[F64, float]:
    """`(k, 22, 3)` the principal ways to differ, at one standard deviation each."""
    flat = apart.reshape(len(apart), -1) / np.sqrt(max(len(apart) - 1, 1))
    _, size, ways = np.linalg.svd(flat, full_matrices=False)
    share = np.cumsum(size**2) / max((size**2).sum(), 1e-12)
    count = min(int(np.searchsorted(share, _KEPT)) + 1, len(size))
    modes = (size[:count, None] * ways[:count]).reshape(count, *apart.shape[1:])
    return modes, float(share[count - 1])


def _named(points: F64) -> dict[str, Triple]:
    out = {}
    for name, index in zip(HALF_NAMES, _HALF, strict=True):
        x, y, z = (round(float(v), 4) + 0.0 for v in points[index])
        out[name] = (x, y, z)
    return out
