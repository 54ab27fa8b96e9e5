"""Labelled clips out of streams as a live recogniser is shown them."""

from collections.abc import Iterator

import numpy as np

from engine.poses import F32
from engine.skeletons import IMIGUE_22
from training.clips.clip_set import MOST_TICKS
from training.clips.live_ticks import live_stretches, poses_as_samples
from training.datasets.dataset import DataSet
from training.datasets.labelled_clip import LabelledClip
from training.datasets.poses import Poses
from training.datasets.tidying import tidied
from training.evaluation.sequences import RATE_HZ


def cut_live_clips(data: DataSet, number: int) -> Iterator[tuple[F32, LabelledClip]]:
    """The clips of `clip_set.cut_clips`, normalised by what was before each tick.

    Encoders learn from streams as the engine normalises them; what begins from one is to be shown
    the same.

    Args:
        data: Where from.
        number: Of the video.

    Returns:
        Of each `(T, 22, 3)` at 25 ticks a second, T at most `MOST_TICKS`, with its label.

    Raises:
        UsageError: There is no such video, it has no points or labels, or they are damaged.
    """
    poses = data.poses(number)
    ticks = _whole(poses, data.rate_hz)
    for clip in tidied(data.clips(number), poses.frames).clips:
        start, end = (
            round(frame * RATE_HZ / data.rate_hz)
            for frame in (clip.start_frame, clip.end_frame + 1)
        )
        yield ticks[max(start, end - MOST_TICKS) : end], clip


def _whole(poses: Poses, rate_hz: float) -> F32:
    """`(T, 22, 3)`: every tick of a video, 0 where the recogniser is shown none."""
    ticks = np.zeros((round(poses.frames * RATE_HZ / rate_hz), len(IMIGUE_22), 3), np.float32)
    for stretch in live_stretches(poses_as_samples(poses, rate_hz)):
        start = round(stretch.start_s * RATE_HZ)
        kept = stretch.ticks[: len(ticks) - start]
        ticks[start : start + len(kept)] = kept
    return ticks
