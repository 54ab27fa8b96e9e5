"""A best guess of what was truly there in a recording: its smoothed joints and its annotations.

The guess is no ground truth. It gives measured and simulated noise the same content: the same
hands in the same places for the same time, so that both can be measured in the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from training.simulator.landmarks import groups
from training.simulator.landmarks.context import (
    CONTACT_GAP,
    NEAR_GAP,
    beyond_picture,
    hand_contexts,
)
from training.simulator.landmarks.parts import DepthNoise
from training.simulator.landmarks.recorded import RecordedPose
from training.simulator.landmarks.view import Bools, CleanView, Observed

Contact = Literal["yes", "near", "maybe"]

_SMOOTH_S = 0.12
# Ears are this far apart, in shoulder widths; a narrower shoulder line is one seen from the side.
_EARS = 0.38
_TURNED = 0.85
# Where annotations say that a hand touches, it is the one no further from the head than this.
_CLAIMED_WITHIN = 0.35
_PALM_RADIUS = 0.12
# Head in ear widths around the middle of eyes and mouth: half width and half height.
_HEAD_HALF = (0.56, 0.85)
_SEEN = 0.3
_GHOST_WRIST, _GHOST_ELBOW = 0.6, 0.2
_GHOST_DEPTH = 0.5
# So far out of the picture, in shoulder widths, an arm is a guess.
_OUT = 0.15


@dataclass(frozen=True)
class ContactInterval:
    """A hand at the head from `start_s` to `end_s` of media time.

    Attributes:
        start_s: When it begins.
        end_s: When it ends.
        contact: `yes` touches, `near` does not, `maybe` touches whenever it looks like it.
    """

    start_s: float
    end_s: float
    contact: Contact


@dataclass(frozen=True)
class Taken:
    """A recording, or several of one length, as seen and as it probably was.

    Attributes:
        view: The guess.
        seen: What the tracker gave.
    """

    view: CleanView
    seen: Observed


def take(
    recording: RecordedPose, contacts: Sequence[ContactInterval], depth: DepthNoise
) -> Taken | None:
    """Guess what was there in the frames with a person; None if there are too few.

    Args:
        recording: What the pose stage saw.
        contacts: When hands were at the head.
        depth: How reported depth relates to true depth.
    """
    kept = recording.valid
    if kept.sum() < 12:
        return None
    times_s = recording.times_s[kept]
    xy, confidence = recording.xy[kept], recording.joints[kept][..., 2]
    found = np.stack([confidence[:, hand.start] > 0 for hand in groups.HANDS], 1)
    width = _frames(times_s, _SMOOTH_S)
    body = smoothed(xy[:, : groups.BODY_COUNT], width)
    unit = smoothed(_unit(xy)[:, None], width)[:, 0]
    hands = [_hand(xy, body, unit, found[:, side], side, width) for side in (0, 1)]
    true = np.concatenate([body, *hands], axis=1)
    ghosts = ghost_arms(confidence, found)
    _lower(true, ghosts, unit)
    _rest_out_of_picture(true, recording.aspect, unit)
    view = CleanView(
        t_s=times_s[None],
        xy=true[None],
        aspect=np.array([recording.aspect], np.float32),
        depth=np.zeros((1, len(true), len(HOLISTIC_75)), np.float32),
        unit=unit[None],
        hand_gap=_head_gap(true, unit, times_s, contacts)[None],
        hands_gap=_hands_gap(true, confidence, unit)[None],
        hand_hidden=np.zeros((1, len(times_s), 2), np.bool_),
    )
    if recording.depth.any():
        view = replace(view, depth=_depth(recording, kept, view, depth, width)[None])
    seen = Observed(recording.joints[kept][None], recording.depth[kept][None], kept[kept][None])
    return Taken(view, seen)


def ghost_arms(confidence: F32, found: Bools) -> Bools:
    """`(F, 2)`: arms that are reported with little confidence, and have no hand of their own.

    Args:
        confidence: `(F, 75)`.
        found: `(F, 2)`: whether each 21-point hand is found.
    """
    wrist = confidence[:, [joints[0] for joints in groups.ARM_JOINTS]]
    elbow = confidence[:, groups.ELBOWS]
    alone = found & ~found[:, ::-1]
    return (wrist < _GHOST_WRIST) & (elbow < _GHOST_ELBOW) & ~alone


def smoothed(values: F32, width: float) -> F32:
    """`(F, ...)` through a Gaussian of `width` frames; its ends repeat."""
    if width < 0.3:
        return values
    reach = int(np.ceil(3 * width))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    kernel /= kernel.sum()
    flat = values.reshape(len(values), -1)
    padded = np.pad(flat, ((reach, reach), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=0)
    return np.asarray((windows @ kernel).reshape(values.shape), np.float32)


def _lower(true: F32, ghosts: Bools, unit: F32) -> None:
    """Put the arms that are not seen below the picture, where they can be guessed only."""
    for side, (arm, hand) in enumerate(zip(groups.ARM_JOINTS, groups.HANDS, strict=True)):
        moved = [*arm, *range(hand.start, hand.stop)]
        lowest = np.maximum(true[:, moved, 1], 1.0 + _GHOST_DEPTH * unit[:, None])
        true[:, moved, 1] = np.where(ghosts[:, side, None], lowest, true[:, moved, 1])


def _rest_out_of_picture(true: F32, aspect: float, unit: F32) -> None:
    """Hold arms still that are out of the picture: how they move there is the tracker's guess."""
    for arm, hand in zip(groups.ARM_JOINTS, groups.HANDS, strict=True):
        moved = [*arm, *range(hand.start, hand.stop)]
        wrist = true[:, arm[0]]
        beyond = np.maximum(np.maximum(-wrist[:, 0], wrist[:, 0] - aspect), wrist[:, 1] - 1.0)
        out = beyond > _OUT * unit
        if out.any():
            true[np.ix_(out, moved)] = np.median(true[np.ix_(out, moved)], axis=0)


def _frames(times_s: npt.NDArray[np.float64], span_s: float) -> float:
    return span_s / max(float(np.median(np.diff(times_s))), 1e-3)


def _unit(xy: F32) -> F32:
    shoulders = np.linalg.norm(xy[:, 11] - xy[:, 12], axis=-1)
    by_face = np.linalg.norm(xy[:, 7] - xy[:, 8], axis=-1) / _EARS
    return np.where(shoulders > _TURNED * by_face, shoulders, by_face).astype(np.float32)


def _hand(xy: F32, body: F32, unit: F32, found: Bools, side: int, width: float) -> F32:
    """`(F, 21, 2)`: the shape that was seen, or was seen last, at the pose's wrist."""
    hand = groups.HANDS[side]
    wrist = body[:, groups.ARM_JOINTS[side][0]]
    if not found.any():
        return wrist[:, None] + _flat_hand(unit, body, side)
    when = np.flatnonzero(found)
    nearest = when[np.abs(np.arange(len(found))[:, None] - when).argmin(axis=1)]
    shape = (xy[:, hand] - xy[:, hand.start, None])[nearest]
    return wrist[:, None] + smoothed(shape, width)


def _flat_hand(unit: F32, body: F32, side: int) -> F32:
    """A hand along the line from elbow to wrist, for one that was never found."""
    way = body[:, groups.ARM_JOINTS[side][0]] - body[:, groups.ELBOWS[side]]
    way /= np.maximum(np.linalg.norm(way, axis=-1, keepdims=True), 1e-6)
    reach = np.array([0.0, *([0.26, 0.37, 0.45, 0.5] * 5)], np.float32)
    return np.asarray(reach[:, None] * (unit[:, None] * way)[:, None], np.float32)


def _head_gap(
    true: F32,
    unit: F32,
    times_s: npt.NDArray[np.float64],
    contacts: Sequence[ContactInterval],
) -> F32:
    """`(F, 2)`: distance of each hand to the head: as it looks, corrected by the annotations."""
    ears = np.linalg.norm(true[:, 7] - true[:, 8], axis=-1)
    size = np.maximum(ears, 0.8 * _EARS * unit)
    middle = true[:, (2, 5, 9, 10)].mean(axis=1)
    looks = []
    for hand in groups.HANDS:
        away = np.abs(true[:, hand] - middle[:, None]) / size[:, None, None]
        inside = np.linalg.norm(away / _HEAD_HALF, axis=-1)
        looks.append((np.maximum(inside - 1.0, 0.0).min(axis=1)) * _HEAD_HALF[1] * size / unit)
    gap = np.maximum(np.stack(looks, 1), CONTACT_GAP * 1.5)
    seen = np.stack(looks, 1)
    for interval in contacts:
        during = (times_s >= interval.start_s) & (times_s <= interval.end_s)
        gap[during] = _claimed(seen[during], gap[during], interval.contact)
    return np.asarray(gap, np.float32)


def _claimed(seen: F32, gap: F32, contact: Contact) -> F32:
    """Distances under an annotation."""
    if contact == "maybe":
        return np.where(seen < CONTACT_GAP, 0.0, gap).astype(np.float32)
    nearest = seen <= seen.min(axis=1, keepdims=True)
    claimed = nearest | (seen < _CLAIMED_WITHIN) if contact == "near" else nearest
    value = 0.0 if contact == "yes" else NEAR_GAP / 2
    return np.where(claimed, value, gap).astype(np.float32)


def _hands_gap(true: F32, confidence: F32, unit: F32) -> F32:
    """`(F,)`: distance between the palms, less their size; far where an arm is not seen."""
    palms = [true[:, joints].mean(axis=1) for joints in groups.ARM_JOINTS]
    gap = np.linalg.norm(palms[0] - palms[1], axis=-1) / unit - 2 * _PALM_RADIUS
    wrists = [joints[0] for joints in groups.ARM_JOINTS]
    seen = (confidence[:, wrists] > _SEEN).all(axis=1)
    return np.where(seen, np.maximum(gap, 0.0), 3.0).astype(np.float32)


def _depth(
    recording: RecordedPose, kept: Bools, view: CleanView, noise: DepthNoise, width: float
) -> F32:
    """`(F, 75)`: reported depth, smoothed, as the true depth it would stand for."""
    reported = recording.depth[kept] * recording.aspect / view.unit[0][:, None]
    middle = reported[:, groups.SHOULDERS].mean(axis=1, keepdims=True)
    body = reported[:, : groups.BODY_COUNT] - middle
    shift = np.array(noise.arm, np.float32)[hand_contexts(view, beyond_picture(view))[0]]
    for side, joints in enumerate(groups.ARM_JOINTS):
        body[:, joints] -= shift[:, side, None]
        body[:, groups.ELBOWS[side]] -= noise.elbow_part * shift[:, side]
    body[:, groups.HIPS[0] :] -= noise.hips
    body /= noise.gain
    hands = [
        body[:, (joints[0],)] + reported[:, hand] / noise.hand_gain
        for joints, hand in zip(groups.ARM_JOINTS, groups.HANDS, strict=True)
    ]
    return smoothed(np.concatenate([body, *hands], axis=1).astype(np.float32), width)
