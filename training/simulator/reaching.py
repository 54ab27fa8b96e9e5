"""One stay of one hand at one place, drawn from a reach."""

from dataclasses import dataclass

import numpy as np

from engine.poses import F32
from training.simulator.draws import uniform
from training.simulator.geometry import F64
from training.simulator.hand import contact_point
from training.simulator.places import FRAMES, PLACES, Place
from training.simulator.scripts.model import Motion, Reach

# A palm's skin lies so far off the points in its middle.
_PALM_M = 0.012
# A raised elbow brings a hand to the head from the side instead of from below.
_FROM_SIDE = 0.3
_SIDEWAYS, _ELBOW_OUT = (-0.9, 0.3, -0.3), (1.0, -0.4, 0.0)
_ONE_FINGER = ("index", "pinch", "thumb")


@dataclass
class Hold:
    """A hand at a place; vectors are in the axes of `frame`, or the trunk's for the other arm.

    Attributes:
        arrive_s: When the hand is there.
        leave_s: When it goes.
        frame: Index in `places.FRAMES`.
        at: (3,) the place in the frame's unit.
        off_m: (3,) where the touching part is from there.
        fingers: (3,) where they point.
        palm: (3,) where the palm faces.
        pole: (3,) where the elbow points.
        contact: (3,) the touching part in the hand's own axes.
        curl: (4,) bend of the fingers.
        thumb: 0 off to 1 across.
        spread: 0 closed to 1 fanned.
        swing_m: (3,) half way of the motion along its first direction.
        cross_m: (3,) and along its second.
        hz: Pace of the motion.
        phase: Of the motion, rad.
        finger_swing: Swing of the bend.
        lifts: 1 where the first swing only goes off the surface.
        hidden: 1 where a camera in front does not see the hand.
        bow_m: How far the way here bows out.
    """

    arrive_s: float
    leave_s: float
    frame: int
    at: F32
    off_m: F32
    fingers: F32
    palm: F32
    pole: F32
    contact: F32
    curl: F32
    thumb: float
    spread: float
    swing_m: F32
    cross_m: F32
    hz: float
    phase: float
    finger_swing: float
    lifts: float
    hidden: float
    bow_m: float


def hold_of(
    rng: np.random.Generator,
    reach: Reach,
    hand: int,
    times_s: tuple[float, float],
    shared: F32 | None,
) -> Hold:
    """Draw a stay.

    Args:
        rng: Source of chance.
        reach: What to do.
        hand: 0 left, 1 right.
        times_s: Arrival and leaving.
        shared: (3,) numbers 0..1 that place both hands alike where they meet; None otherwise.
    """
    mirror = np.array([1.0 if hand == 0 else -1.0, 1.0, 1.0])
    place = _place(rng, reach, shared)
    side = _side(rng, reach)
    normal = _unit(np.array(place.normal) * side * mirror)
    towards, elbow = _approach(rng, reach, place)
    fingers = _tilted(rng, towards * mirror, reach.tilt)
    facing = np.array(reach.palm) * mirror if reach.palm else -normal
    palm = _tilted(rng, facing, reach.tilt)
    off = normal * uniform(rng, reach.off_m)
    if shared is not None:
        off = off - _unit(facing) * _PALM_M
    contact = reach.contact[rng.integers(len(reach.contact))]
    curl = _curl(rng, reach, contact)
    thumb, spread = uniform(rng, reach.thumb), uniform(rng, reach.spread)
    motion = reach.motion[rng.integers(len(reach.motion))]
    swing, cross = _ways(rng, motion, normal)
    return Hold(
        arrive_s=times_s[0],
        leave_s=times_s[1],
        frame=FRAMES.index(place.frame),
        at=_at(rng, place, side, mirror, shared),
        off_m=_f32(off),
        fingers=_f32(fingers),
        palm=_f32(palm),
        pole=_f32(_tilted(rng, elbow * mirror, 0.25)),
        contact=contact_point(contact, _f32(curl), thumb, spread),
        curl=_f32(curl),
        thumb=thumb,
        spread=spread,
        swing_m=_f32(swing),
        cross_m=_f32(cross),
        hz=uniform(rng, motion.hz),
        phase=uniform(rng, (0.0, 2 * np.pi)),
        finger_swing=uniform(rng, motion.fingers),
        lifts=float(motion.kind == "tap"),
        hidden=float(place.hidden),
        bow_m=uniform(rng, (0.0, 0.12)),
    )


def _approach(rng: np.random.Generator, reach: Reach, place: Place) -> tuple[F64, F64]:
    """Where fingers point and the elbow stands; a hand also comes to the head from the side."""
    if place.frame == "head" and reach.fingers is None and rng.random() < _FROM_SIDE:
        return np.array(_SIDEWAYS), np.array(_ELBOW_OUT)
    return np.array(reach.fingers or place.fingers), np.array(place.pole)


def _place(rng: np.random.Generator, reach: Reach, shared: F32 | None) -> Place:
    count = len(reach.places)
    index = rng.integers(count) if shared is None else int(shared[0] * count)
    return PLACES[reach.places[index]]


def _curl(rng: np.random.Generator, reach: Reach, contact: str) -> F64:
    curl = uniform(rng, reach.curl) + 0.08 * rng.standard_normal(4)
    # Who touches with one finger often has the others bent out of the way.
    if contact in _ONE_FINGER and rng.random() < 0.5:
        curl[1:] = uniform(rng, (0.5, 1.0)) + 0.08 * rng.standard_normal(3)
    return np.asarray(np.clip(curl, 0.0, 1.0))


def _side(rng: np.random.Generator, reach: Reach) -> F64:
    other = reach.side == "other" or (reach.side == "either" and rng.random() < 0.4)
    return np.array([-1.0 if other else 1.0, 1.0, 1.0])


def _at(rng: np.random.Generator, place: Place, side: F64, mirror: F64, shared: F32 | None) -> F32:
    middle = np.array(place.at)
    if shared is not None:
        return _f32(middle + place.spread * 2.0 * (np.array(shared) - 0.5))
    scatter = place.spread * rng.standard_normal(3)
    if place.frame in ("forearm", "upper_arm"):
        return _f32(middle + scatter * np.array([1.0, 0.2, 0.2]))
    # Off a surface a place scatters little: along it, much.
    normal = _unit(np.array(place.normal))
    on_surface = scatter - normal * (scatter @ normal) * (0.6 if abs(place.at[2]) < 1.2 else 0.0)
    return _f32((middle * side + on_surface) * mirror)


def _ways(rng: np.random.Generator, motion: Motion, normal: F64) -> tuple[F64, F64]:
    """First and second direction of a motion, m."""
    size = uniform(rng, motion.size_m)
    along = _unit(np.cross(normal, rng.standard_normal(3)))
    if motion.kind == "rub":
        return along * size, np.zeros(3)
    if motion.kind == "circle":
        return along * size, np.cross(normal, along) * size
    if motion.kind == "tap":
        return normal * 2 * size, np.zeros(3)
    if motion.kind == "beat":
        return rng.standard_normal(3) * size * 0.7, rng.standard_normal(3) * size * 0.5
    return np.zeros(3), np.zeros(3)


def _tilted(rng: np.random.Generator, v: F64, angle: float) -> F64:
    return _unit(_unit(v) + angle * 0.6 * rng.standard_normal(3))


def _unit(v: F64) -> F64:
    return np.asarray(v / max(float(np.linalg.norm(v)), 1e-9))


def _f32(v: F64 | F32) -> F32:
    return np.asarray(v, np.float32)
