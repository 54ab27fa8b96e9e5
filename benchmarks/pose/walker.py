"""Somebody who walks through behind the person: another clip, small, moved across the picture."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.pose.ghosts import Person, person
from benchmarks.pose.scenes import Scene
from engine.frames import U8, Frame
from training.simulator.landmarks.recorded import RecordedPose

NAME = "someone walks through behind"
# Of the height of the picture; how much of a shoulder width beside the middle is in front.
_HEIGHT = 0.7
_FRONT_SIZES = 0.9


def walking_behind(
    frames: Sequence[Frame],
    track: RecordedPose,
    walker: Sequence[Frame],
    walker_track: RecordedPose,
) -> Scene:
    """From the left edge to the right one in the length of the clip.

    The person in front is not cut out: a strip of the picture around them stays in front.

    Args:
        frames: Of the person.
        track: Where they are.
        walker: Of the other clip; used from its start, round and round.
        walker_track: Where the walker is in it.
    """
    scale = _HEIGHT * track.height_px / walker_track.height_px
    width, height = round(walker_track.width_px * scale), round(walker_track.height_px * scale)
    front, behind = person(track), person(walker_track)
    top = track.height_px - height
    pictures, matrices, strips = [], [], []
    for number, frame in enumerate(frames):
        left = round((track.width_px + width) * number / max(len(frames) - 1, 1) - width)
        small = cv2.resize(walker[number % len(walker)].image, (width, height))
        image = frame.image.copy()
        _paste(image, np.asarray(small, np.uint8), left, top)
        strip = _strip(front, number, track.width_px)
        image[:, strip] = frame.image[:, strip]
        pictures.append(replace(frame, image=image))
        matrices.append([[scale, 0.0, left], [0.0, scale, top]])
        strips.append((strip.start, strip.stop))
    rounds = np.arange(len(frames)) % len(walker)
    other = Person(behind.middle_px[rounds], behind.size_px[rounds])
    moved = other.seen_through(np.array(matrices))
    return Scene(NAME, pictures, [front, _hidden(moved, np.array(strips))])


def _hidden(walker: Person, strips: npt.NDArray[np.int64]) -> Person:
    """Not there while the middle is behind the strip in front."""
    x = walker.middle_px[:, 0]
    behind = (x >= strips[:, 0]) & (x < strips[:, 1])
    return Person(
        np.where(behind[:, None], np.nan, walker.middle_px),
        np.where(behind, np.nan, walker.size_px),
    )


def _paste(image: U8, small: U8, left: int, top: int) -> None:
    start, end = max(left, 0), min(left + small.shape[1], image.shape[1])
    if start < end:
        image[top : top + small.shape[0], start:end] = small[:, start - left : end - left]


def _strip(front: Person, frame: int, width_px: int) -> slice:
    x, size = front.middle_px[frame, 0], front.size_px[frame]
    if not np.isfinite(x):
        return slice(0, 0)
    reach = _FRONT_SIZES * size
    return slice(round(max(x - reach, 0)), round(min(x + reach, width_px)))
