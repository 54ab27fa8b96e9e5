"""The same stages without threads: every item, one after another, as fast as it goes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engine.contracts import Source
from engine.core.batch import LoneStream
from engine.core.pose_check import checked
from engine.core.pose_stage import PoseStage
from engine.core.stream import Decision
from engine.errors import EndOfStream, FidgetError, SourceError, StageFailed, Trouble
from engine.poses import PoseSample
from engine.runtime.latency import StageLatencies

_READ_TIMEOUT_S = 1.0
_SILENT_READS = 15


@dataclass(frozen=True)
class SerialStep:
    """What one item led to; the last step has no sample and holds the end events.

    Attributes:
        sample: The pose sample.
        decisions: What it brought.
    """

    sample: PoseSample | None
    decisions: list[Decision]


def run_serial(
    source: Source[Any], pose: PoseStage | None, stream: LoneStream, latencies: StageLatencies
) -> Iterator[SerialStep]:
    """Pull everything out of an open source through pose stage and recogniser.

    Args:
        source: Gives frames, or pose samples when `pose` is None.
        pose: The pose stage; None for a source of poses.
        stream: Decides. Its end events come last, also when the source fails midway: the failure
            is raised after them.
        latencies: Gets `decode`, `pose` and `recognise`.

    Raises:
        SourceError: The source failed; everything before has been given.
    """
    try:
        yield from _steps(source, pose, stream, latencies)
    except EndOfStream:
        yield SerialStep(None, stream.finish())
    except GeneratorExit:
        raise
    except BaseException:
        yield SerialStep(None, stream.finish())
        raise


def _steps(
    source: Source[Any], pose: PoseStage | None, stream: LoneStream, latencies: StageLatencies
) -> Iterator[SerialStep]:
    while True:
        sample = _sample(_item(source), pose, latencies)
        start_ns = time.perf_counter_ns()
        with _named("recognise"):
            decisions = stream.step(sample)
        latencies.add("recognise", (time.perf_counter_ns() - start_ns) / 1e6)
        yield SerialStep(sample, decisions)


def _item(source: Source[Any]) -> Any:
    """The next item of a source; one that stays silent has failed."""
    for _ in range(_SILENT_READS):
        item = source.read(_READ_TIMEOUT_S)
        if item is not None:
            return item
    status = source.status()
    raise SourceError(
        f"nothing came for {_SILENT_READS * _READ_TIMEOUT_S:g} s. {status.message}".strip(),
        Trouble.TIMEOUT,
    )


def _sample(item: Any, pose: PoseStage | None, latencies: StageLatencies) -> PoseSample:
    if pose is None:
        return checked(item)
    latencies.add("decode", item.decode_ms)
    with _named("pose"):
        sample = pose.step(item)
    latencies.add("pose", sample.pose_ms)
    return sample


@contextmanager
def _named(stage: str) -> Iterator[None]:
    """What a plugin raises unexpectedly carries the name of its stage, as in the pipeline."""
    try:
        yield
    except FidgetError:
        raise
    except Exception as error:
        raise StageFailed(stage, error) from error
