"""The policies of live streams for as long as it takes to see whether its memory grows."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import psutil

from benchmarks.engines.targets import at_most
from benchmarks.pose.clip_frames import clip_frames
from benchmarks.pose.contenders import policies
from benchmarks.report import Result
from engine.core.pose_stage import PoseStage
from engine.frames import U8, Frame
from plugins.pose.direct.savings import LIVE

_CLIP_S = 0.6
_FRAME_NS = 33_333_333
# Of stretches of so many frames, each of one clip in one size.
_STRETCH = 30
_SIZES = (1.0, 0.5, 1.3)
_NEW_EPOCH_EVERY = 3
# Between some stretches comes a picture that no camera gives: as narrow as 8 px, or 8K.
_ODD_EVERY = 25
_NARROW_PX, _8K_PX = (8, 480), (7680, 4320)
_SETTLED = 0.05


@dataclass(frozen=True)
class Reading:
    """What the process had after so many frames.

    Attributes:
        frames: That were looked at.
        memory_mb: Resident.
        threads: Of the process, those of the runtimes among them.
    """

    frames: int
    memory_mb: float
    threads: int


def endless(paths: Sequence[Path], frames: int, bound_mb: float) -> Result:
    """Clips round and round: people come and go, sizes change in mid-stream, epochs begin.

    Args:
        paths: Clips, of each of which the beginning is kept in memory.
        frames: To look at.
        bound_mb: Memory may grow by so much once everything was seen.

    Returns:
        Memory and threads when it had settled, after each quarter and at the end.
    """
    with ProcessPoolExecutor(1, get_context("spawn"), cv2.setNumThreads, (1,)) as pool:
        readings: list[Reading] = pool.submit(partial(_watched, list(paths), frames)).result()
    return {
        "frames": frames,
        "bound_mb": bound_mb,
        "readings": [vars(reading) for reading in readings],
        "targets": [
            at_most("memory grew by, MB", bound_mb, grown_mb(readings)),
            at_most("threads more than at first", 0, readings[-1].threads - readings[0].threads),
        ],
    }


def grown_mb(readings: Sequence[Reading]) -> float:
    """The most that there was after the first reading, beyond that."""
    return round(max(r.memory_mb for r in readings[1:]) - readings[0].memory_mb, 1)


def stretches(
    clips: Sequence[Sequence[U8]], odd: Sequence[U8], frames: int, seed: int = 0
) -> Iterator[Frame]:
    """So many frames, their order drawn; time goes on by a thirtieth of a second.

    Args:
        clips: Pictures of each.
        odd: Single ones that come between two stretches now and then.
        frames: How many.
        seed: Of the drawing.
    """
    rng = np.random.default_rng(seed)
    given = epoch = number = 0
    while given < frames:
        number += 1
        epoch += number % _NEW_EPOCH_EVERY == 0
        pictures = list(clips[int(rng.integers(len(clips)))][:_STRETCH])
        if odd and number % _ODD_EVERY == 0:
            pictures.append(odd[number // _ODD_EVERY % len(odd)])
        for picture in pictures[: frames - given]:
            yield Frame(picture, (given + 1) * _FRAME_NS, epoch, given)
            given += 1


def _watched(paths: list[Path], frames: int) -> list[Reading]:
    clips = [_resized(path, size) for path in paths for size in _SIZES]
    odd = [np.asarray(cv2.resize(clips[0][0], size), np.uint8) for size in (_NARROW_PX, _8K_PX)]
    marks = {int(frames * part) for part in (_SETTLED, 0.25, 0.5, 0.75)} | {frames}
    (live,) = policies((LIVE,))
    estimator = live.make(workers=2)
    stage = PoseStage(estimator)
    readings = []
    for frame in stretches(clips, odd, frames):
        if frame.index % _STRETCH == 0:
            estimator.set_effort(frame.index // _STRETCH % len(estimator.efforts))
        stage.step(frame)
        if frame.index + 1 in marks:
            readings.append(_reading(frame.index + 1))
    estimator.close()
    return readings


def _reading(frames: int) -> Reading:
    process = psutil.Process()
    memory_mb = round(process.memory_info().rss / 2**20, 1)
    return Reading(frames, memory_mb, process.num_threads())


def _resized(path: Path, size: float) -> list[U8]:
    return [
        np.asarray(cv2.resize(frame.image, None, fx=size, fy=size), np.uint8)
        for frame in clip_frames(path, _CLIP_S)
    ]
