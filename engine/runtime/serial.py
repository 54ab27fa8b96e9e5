"""The same stages without threads: every item, one after another, as fast as it goes."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engine.contracts import Source
from engine.core.batch import StreamGroup
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
    """What one sample led to; the last step of a stream has none and holds the end events.

    Attributes:
        sample: The pose sample.
        decisions: What it brought.
        slot: Which of several people it is of, from 0.
    """

    sample: PoseSample | None
    decisions: list[Decision]
    slot: int = 0


def run_serial(
    source: Source[Any], pose: PoseStage | None, streams: StreamGroup, latencies: StageLatencies
) -> Iterator[SerialStep]:
    """Pull everything out of an open source through pose stage and recogniser.

    Args:
        source: Gives frames, or pose samples when `pose` is None.
        pose: The pose stage; None for a source of poses.
        streams: Decide, one a slot. Their end events come last, also when the source fails midway:
            the failure is raised after them.
        latencies: Gets `decode`, `pose` and `recognise`.

    Raises:
        SourceError: The source failed; everything before has been given.
    """
    try:
        yield from _steps(source, pose, streams, latencies)
    except EndOfStream:
        yield from _ends(streams)
    except GeneratorExit:
        raise
    except BaseException:
        yield from _ends(streams)
        raise


def _steps(
    source: Source[Any], pose: PoseStage | None, streams: StreamGroup, latencies: StageLatencies
) -> Iterator[SerialStep]:
    while True:
        samples = _samples(_item(source), pose, latencies)
        start_ns = time.perf_counter_ns()
        with _named("recognise"):
            each = streams.step(samples)
        latencies.add("recognise", (time.perf_counter_ns() - start_ns) / 1e6)
        for slot, (sample, decisions) in enumerate(zip(samples, each, strict=True)):
            yield SerialStep(sample, decisions, slot)


def _ends(streams: StreamGroup) -> Iterator[SerialStep]:
    for slot, decisions in enumerate(streams.finish()):
        yield SerialStep(None, decisions, slot)


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


def _samples(item: Any, pose: PoseStage | None, latencies: StageLatencies) -> Sequence[PoseSample]:
    if pose is None:
        return (checked(item),)
    latencies.add("decode", item.decode_ms)
    with _named("pose"):
        samples = pose.step_all(item)
    latencies.add("pose", samples[0].pose_ms)
    return samples


@contextmanager
def _named(stage: str) -> Iterator[None]:
    """What a plugin raises unexpectedly carries the name of its stage, as in the pipeline."""
    try:
        yield
    except FidgetError:
        raise
    except Exception as error:
        raise StageFailed(stage, error) from error
