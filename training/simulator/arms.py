"""Arms by inverse kinematics: the elbow that lets a wrist be where it should, within limits."""

from dataclasses import dataclass

import numpy as np

from engine.poses import F32
from training.simulator.geometry import across, unit

# An elbow bends to about 33 degrees between the bones and hardly ever stands quite straight.
_SHORTEST, _LONGEST = 0.28, 0.995
# Cosine of the largest bend of a wrist, 70 degrees.
_WRIST_COS, _WRIST_SIN = 0.342, 0.940


@dataclass(frozen=True)
class Arms:
    """One arm of N people in F frames, metres.

    Attributes:
        elbow: (N, F, 3).
        wrist: (N, F, 3) where the limits let it be.
        fingers: (N, F, 3) unit vector, within the wrist's limits.
        short_m: (N, F) how far the wrist stays from where it should be.
    """

    elbow: F32
    wrist: F32
    fingers: F32
    short_m: F32


def bend(
    shoulder: F32, target: F32, contact: F32, fingers: F32, palm: F32, pole: F32, lengths: F32
) -> Arms:
    """Bring the touching part of a hand to a target.

    Args:
        shoulder: (N, F, 3).
        target: (N, F, 3) where the touching part should be.
        contact: (N, F, 3) the touching part in the hand's axes, m.
        fingers: (N, F, 3) unit vector, wanted direction of the hand.
        palm: (N, F, 3) unit vector, wanted direction of the palm.
        pole: (N, F, 3) where the elbow should point.
        lengths: (N, 2) upper arm and forearm, m.
    """
    wrist = target - hand_vector(contact, fingers, palm)
    elbow, reached = _elbow(shoulder, wrist, pole, lengths)
    fingers = _within_wrist(fingers, unit(reached - elbow))
    wrist = target - hand_vector(contact, fingers, palm)
    elbow, reached = _elbow(shoulder, wrist, pole, lengths)
    return Arms(elbow, reached, fingers, np.linalg.norm(wrist - reached, axis=-1))


def hand_vector(v: F32, fingers: F32, palm: F32) -> F32:
    """A vector (..., 3) from a hand's own axes to the room's.

    The thumb side follows the right-hand rule of `fingers` and `palm`; the caller mirrors it for
    one hand.
    """
    out = across(palm, fingers)
    out = unit(out)
    side = np.cross(fingers, out)
    return np.asarray(side * v[..., 0:1] + fingers * v[..., 1:2] + out * v[..., 2:3], np.float32)


def _elbow(shoulder: F32, wrist: F32, pole: F32, lengths: F32) -> tuple[F32, F32]:
    upper, fore = lengths[:, None, 0], lengths[:, None, 1]
    way = wrist - shoulder
    distance = np.linalg.norm(way, axis=-1)
    allowed = np.clip(distance, _SHORTEST * (upper + fore), _LONGEST * (upper + fore))
    axis = unit(way)
    along = (allowed**2 + upper**2 - fore**2) / (2 * allowed)
    out = np.sqrt(np.maximum(upper**2 - along**2, 0.0))
    elbow = shoulder + axis * along[..., None] + unit(across(pole, axis)) * out[..., None]
    reached = shoulder + axis * allowed[..., None]
    return np.asarray(elbow, np.float32), np.asarray(reached, np.float32)


def _within_wrist(fingers: F32, forearm: F32) -> F32:
    cosine = np.einsum("...i,...i->...", fingers, forearm)
    bent = _WRIST_COS * forearm + _WRIST_SIN * unit(across(fingers, forearm))
    return np.asarray(np.where((cosine < _WRIST_COS)[..., None], bent, fingers), np.float32)
