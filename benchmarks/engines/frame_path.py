"""From a picture to what is told of it: our path, and MediaPipe's own loop beside it."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.engines.camera_frames import CameraFrames
from benchmarks.engines.pacing import BACK_TO_BACK, late_ratio, pace_name
from benchmarks.report import Result, percentiles
from engine.clock import NS_PER_MS, Clock
from engine.commands.assembly import pose_estimator, recognizer
from engine.config import Config
from engine.contracts import PoseEstimator, StepModel
from engine.core.batch import StreamGroup
from engine.core.pose_stage import PoseStage
from engine.core.stream import StreamCore
from engine.errors import EndOfStream
from engine.runtime.latency import StageLatencies
from engine.runtime.serial import run_serial
from plugins.pose.mediapipe.native_log import quiet_native_log

OURS, MEDIAPIPE = "fidget", "mediapipe holistic"
WHOLE = "end to end"
PACES_HZ = (BACK_TO_BACK, 30.0, 60.0)

_READ_TIMEOUT_S = 1.0
_WARM_UP_FRAMES = 10

FramePath = Callable[[CameraFrames, "PathTimes"], None]
"""Opens the source once it is ready, takes every frame and adds what each took."""


@dataclass
class PathTimes:
    """Of one contender at one pace.

    Attributes:
        stages: Stage to durations, ms; end to end is from when a frame was taken until all that
            follows from it is known.
        offered: Frames that were taken.
    """

    stages: dict[str, list[float]] = field(default_factory=dict)
    offered: int = 0

    def add(self, stage: str, duration_ms: float) -> None:
        """One duration."""
        self.stages.setdefault(stage, []).append(duration_ms)

    def figures(self, deadline_ms: float) -> Result:
        """Percentiles of each stage, and the part of the frames that were late or left out."""
        ages = self.stages.get(WHOLE, [])
        in_time = len(ages) * (1.0 - late_ratio(ages, deadline_ms)) if ages else 0.0
        return {
            "stages": {stage: percentiles(values) for stage, values in self.stages.items()},
            "frames": self.offered,
            "left_out": self.offered - len(ages),
            "missed": {
                "deadline_ms": deadline_ms,
                "ratio": round(1.0 - in_time / self.offered, 4),
            },
        }


def frame_paths(
    jpegs: Sequence[bytes], *, frames: int, rounds: int, deadline_ms: float, clock: Clock
) -> Result:
    """Run both over the same pictures, in turns.

    Args:
        jpegs: The pictures.
        frames: How many for each contender, pace and round.
        rounds: How often.
        deadline_ms: From a picture being taken.
        clock: Time.

    Returns:
        Pace to contender to figures.
    """
    with ExitStack() as stack:
        paths = {
            OURS: stack.enter_context(_ours(clock)),
            MEDIAPIPE: stack.enter_context(_mediapipe(clock)),
        }
        with quiet_native_log():
            for path in paths.values():
                path(CameraFrames(jpegs, BACK_TO_BACK, _WARM_UP_FRAMES), PathTimes())
        times = {(pace, name): PathTimes() for pace in PACES_HZ for name in paths}
        for _ in range(rounds):
            for (pace, name), into in times.items():
                paths[name](CameraFrames(jpegs, pace, frames), into)
                into.offered += frames
    return {
        pace_name(pace): {name: times[pace, name].figures(deadline_ms) for name in paths}
        for pace in PACES_HZ
    }


class _Stages(StageLatencies):
    """Keeps every duration: a histogram's p99.9 would be rounded."""

    def __init__(self, times: PathTimes) -> None:
        super().__init__()
        self._times = times

    def add(self, stage: str, duration_ms: float) -> None:
        self._times.add(stage, duration_ms)


@contextmanager
def _ours(clock: Clock) -> Iterator[FramePath]:
    """What `analyze` runs: pose network, recogniser, decoder and emotion."""
    config = Config()
    with pose_estimator(config) as estimator, recognizer(config, None) as model:
        yield lambda source, times: _run_ours(source, times, estimator, model, clock)


def _run_ours(
    source: CameraFrames,
    times: PathTimes,
    estimator: PoseEstimator,
    model: StepModel,
    clock: Clock,
) -> None:
    # The estimator goes on as MediaPipe's loop does: after a reset its first frame loads networks.
    stream = StreamGroup((StreamCore(Config(), model),), model)
    source.open(clock)
    for step in run_serial(source, PoseStage(estimator), stream, _Stages(times)):
        if step.sample is not None:
            times.add(WHOLE, (clock.now_ns() - step.sample.capture_ns) / NS_PER_MS)


@contextmanager
def _mediapipe(clock: Clock) -> Iterator[FramePath]:
    """The loop of MediaPipe's documentation: landmarks, and nothing made of them."""
    from mediapipe import solutions

    with solutions.holistic.Holistic() as holistic:
        yield lambda source, times: _run_mediapipe(source, times, holistic, clock)


def _run_mediapipe(source: CameraFrames, times: PathTimes, holistic: Any, clock: Clock) -> None:
    source.open(clock)
    while True:
        try:
            frame = source.read(_READ_TIMEOUT_S)
        except EndOfStream:
            return
        if frame is None:
            continue
        start_ns = time.perf_counter_ns()
        holistic.process(frame.image)
        times.add("decode", frame.decode_ms)
        times.add("pose", (time.perf_counter_ns() - start_ns) / NS_PER_MS)
        times.add(WHOLE, (clock.now_ns() - frame.capture_ns) / NS_PER_MS)
