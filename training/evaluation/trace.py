"""A recogniser in the engine's own core over recorded poses: its events and its scores."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.clock import NS_PER_S
from engine.config import Config
from engine.contracts import StepModel
from engine.core.batch import LoneStream
from engine.core.stream import Decision, StreamCore
from engine.errors import ModelError
from engine.labels import BY_ID
from engine.messages import GestureEvent
from engine.person import PersonCalibration
from engine.poses import F32, PoseSample
from training.evaluation.collect import Collector
from training.evaluation.events import FoundEvent


@dataclass(frozen=True)
class Trace:
    """What came out of one input.

    Attributes:
        events: In order of their start; seconds from the first sample. An event is decided when
            the sample that led to its `start` message was grabbed.
        times_s: `(T,)` instants that the scores describe; ticks without a pose are left out.
        scores: `(T, K)` float32, NaN where the model abstains.
        seconds: From the first to the last sample.
    """

    events: tuple[FoundEvent, ...]
    times_s: npt.NDArray[np.float64]
    scores: F32
    seconds: float


def trace(
    config: Config,
    model: StepModel,
    samples: Iterable[PoseSample],
    person: PersonCalibration | None = None,
) -> Trace:
    """Run samples through the core as live, and keep what it decides and what it believes.

    Args:
        config: Of the engine.
        model: The recogniser, warmed up; it is reset.
        samples: Of one stream, in order.
        person: Calibration of the person in view, if any.

    Raises:
        ModelError: The recogniser gives a class that is none of iMiGUE's, or broke.
    """
    _refuse_own_labels(model)
    described_ns: list[int] = []
    scores: list[F32] = []

    def keep(t_ns: int, row: F32) -> None:
        described_ns.append(t_ns)
        scores.append(row.copy())

    stream = LoneStream(StreamCore(config, model, person, keep), model)
    found = Collector()
    times_ns = [0]
    for number, sample in enumerate(samples):
        if number == 0:
            times_ns = [sample.capture_ns]
        times_ns.append(sample.capture_ns)
        _take(found, stream.step(sample))
    _take(found, stream.finish())
    origin_ns = times_ns[0]
    return Trace(
        events=found.events(origin_ns),
        times_s=(np.array(described_ns, np.int64) - origin_ns) / NS_PER_S,
        scores=np.array(scores, np.float32).reshape(-1, len(model.labels)),
        seconds=(times_ns[-1] - origin_ns) / NS_PER_S,
    )


def _refuse_own_labels(model: StepModel) -> None:
    own = [label.slug for label in model.labels if label.id not in BY_ID]
    if own:
        raise ModelError(
            f"the recogniser gives {', '.join(own)}, which no annotation here knows: expected "
            "classes of iMiGUE only; look at its events with `run_stream.py analyze`"
        )


def _take(found: Collector, decisions: list[Decision]) -> None:
    for decision in decisions:
        if isinstance(decision.body, GestureEvent):
            found.take([decision.body], decision.capture_ns)
