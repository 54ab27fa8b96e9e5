"""Streams as a live recogniser is shown them: through the engine's own core."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from engine.config import Config, EmotionConfig
from engine.core.batch import LoneStream
from engine.core.stream import NS_PER_S, StreamCore
from engine.imigue import from_holistic, into_holistic
from engine.poses import F32, NO_PERSON, PoseSample, invalid_sample
from engine.skeletons import HOLISTIC_75, IMIGUE_22, covers
from training.datasets.poses import Poses
from training.evaluation.listener import Listener

_CHANNELS = 3
_CONFIG = Config(emotion=EmotionConfig(enabled=False))


@dataclass(frozen=True)
class Stretch:
    """Ticks over which a recogniser remembers: it is reset before and after.

    Attributes:
        start_s: Of the first tick, from the first sample of its stream.
        ticks: `(T, 22, 3)` float32 x, y in the person's own units and confidence, 0 where a joint
            is missing; all 0 in a gap.
    """

    start_s: float
    ticks: F32


def live_stretches(samples: Iterable[PoseSample]) -> Iterator[Stretch]:
    """What a recogniser of the joints of iMiGUE is shown, at 25 ticks a second.

    One stretch is kept at a time.

    Args:
        samples: Of one stream, in order; of `HOLISTIC_75`, of a set that begins with it, or of
            `IMIGUE_22`.

    Raises:
        ModelError: They are of another joint set.
    """
    for start_s, ticks in shown_stretches(samples):
        yield stretch_of(start_s, ticks)


def shown_stretches(samples: Iterable[PoseSample]) -> Iterator[tuple[float, F32]]:
    """Start of each stretch, in seconds from the first sample, and `(T, J, 4)` as of `StepModel`.

    Args, Raises:
        See `live_stretches`.
    """
    samples = iter(samples)
    first = next(samples, None)
    if first is None:
        return
    whole = covers(first.skeleton, HOLISTIC_75.name)
    listener = Listener(HOLISTIC_75 if whole else IMIGUE_22)
    starts_ns: list[int] = []

    def heard(t_ns: int, _scores: F32) -> None:
        if listener.shown == 1:
            starts_ns.append(t_ns)

    stream = LoneStream(StreamCore(_CONFIG, listener, watch=heard), listener)
    for sample in chain((first,), samples):
        stream.step(sample)
        yield from _ended(listener, starts_ns, first.capture_ns)
    stream.finish()
    yield from _ended(listener, starts_ns, first.capture_ns)


def stretch_of(start_s: float, ticks: F32) -> Stretch:
    """The joints of iMiGUE of one of `shown_stretches`."""
    joints = from_holistic(ticks) if ticks.shape[1] == len(HOLISTIC_75) else ticks
    return Stretch(start_s, np.ascontiguousarray(joints[..., :_CHANNELS]))


def poses_as_samples(poses: Poses, rate_hz: float) -> Iterator[PoseSample]:
    """The frames of a video as the pose stage would give them.

    The neck becomes the middle of the shoulders, as it is live.

    Args:
        poses: Of the video.
        rate_hz: Frames a second.
    """
    joints = into_holistic(poses.of_image())
    for seq, (frame, failed) in enumerate(zip(joints, poses.failed.tolist(), strict=True)):
        capture_ns = round(seq * NS_PER_S / rate_hz)
        yield _missed(capture_ns, seq) if failed else _seen(capture_ns, seq, frame, poses)


def _ended(listener: Listener, starts_ns: list[int], origin_ns: int) -> Iterator[tuple[float, F32]]:
    for ticks in listener.ended():
        yield (starts_ns.pop(0) - origin_ns) / NS_PER_S, ticks


def _seen(capture_ns: int, seq: int, joints: F32, poses: Poses) -> PoseSample:
    return PoseSample(
        capture_ns=capture_ns,
        epoch=0,
        seq=seq,
        skeleton=HOLISTIC_75.name,
        joints=np.ascontiguousarray(joints),
        depth=None,
        valid=True,
        reason="",
        parts=(),
        width_px=poses.width_px,
        height_px=poses.height_px,
    )


def _missed(capture_ns: int, seq: int) -> PoseSample:
    return invalid_sample(
        capture_ns=capture_ns,
        epoch=0,
        seq=seq,
        skeleton=HOLISTIC_75.name,
        joint_count=len(HOLISTIC_75),
        reason=NO_PERSON,
    )
