"""A variant beside its original: outputs, scores and events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from engine.backends import GraphRunner
from engine.poses import F32, Bools
from engine.serving.choice import PROCESSOR
from engine.serving.limits import UNHURRIED_MS, ServingLimits
from engine.serving.plain import PlainRunner
from engine.step_graph import StepGraph
from engine.variant import Parity
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from plugins.recognizers.graph.recognizer import GraphConfig, GraphRecognizer
from training.evaluation.decode_scores import decode_scores
from training.evaluation.events import FoundEvent
from training.evaluation.matching import matched
from training.precision.material import Material

_OVERLAP = 0.5

Events = list[list[FoundEvent]]


@dataclass(frozen=True)
class Told:
    """What a model says about material.

    Attributes:
        outputs: `(ticks, n)` of the network, all of a tick side by side.
        scores: `(ticks, K)`, NaN where the view supports nothing.
        events: Of each sequence.
    """

    outputs: F32
    scores: F32
    events: Events


def told(model: Path, sequences: Sequence[F32]) -> Told:
    """Run a model on the processor.

    Args:
        model: Its file.
        sequences: `(T, 75, 4)` each.

    Raises:
        ModelError: It cannot be run.
    """
    taps: list[_Tap] = []

    def tapped(graph: StepGraph) -> GraphRunner:
        taps.append(_Tap(graph))
        return taps[-1]

    recognizer = GraphRecognizer(GraphConfig(model=str(model)), None, tapped)
    try:
        recognizer.reserve(len(sequences))
        rows = [recognizer.step(x, active) for x, active in _together(sequences)]
    finally:
        recognizer.close()
    scores, outputs = _split(rows, sequences), _split(taps[0].rows, sequences)
    events = [_events(recognizer, own, s) for own, s in zip(scores, sequences, strict=True)]
    return Told(np.concatenate(outputs), np.concatenate(scores), events)


def compared(variant: Path, original: Path, material: Sequence[Material]) -> Parity:
    """Run both and compare what they say.

    Args:
        variant: Its file.
        original: The file that it was made from.
        material: None that the variant was made with.

    Raises:
        ModelError: One of them cannot be run.
    """
    sequences = [sequence for one in material for sequence in one.sequences]
    ours, theirs = told(variant, sequences), told(original, sequences)
    outputs = np.abs(ours.outputs - theirs.outputs)
    scores = np.abs(ours.scores - theirs.scores)
    pairs = _pairs(ours.events, theirs.events)
    return Parity(
        ran_on=f"{PROCESSOR} {version('onnxruntime')}",
        material=tuple(one.name for one in material),
        ticks=len(outputs),
        output_largest=_rounded(outputs.max()),
        output_mean=_rounded(outputs.mean()),
        score_largest=_rounded(np.nanmax(scores)),
        score_mean=_rounded(np.nanmean(scores)),
        events=sum(map(len, theirs.events)),
        events_of_variant=sum(map(len, ours.events)),
        events_shared=len(pairs),
        largest_start_shift_s=_largest([a.start_s - b.start_s for a, b in pairs]),
        largest_end_shift_s=_largest([a.end_s - b.end_s for a, b in pairs]),
    )


def _pairs(ours: Events, theirs: Events) -> list[tuple[FoundEvent, FoundEvent]]:
    return [
        pair
        for mine, other in zip(ours, theirs, strict=True)
        for pair in matched(mine, other, lambda a, b: a.class_index == b.class_index, _OVERLAP)
    ]


def _together(sequences: Sequence[F32]) -> Iterator[tuple[F32, Bools]]:
    """The ticks of all sequences side by side, `(S, 75, 4)`, and which have one."""
    lengths = np.array([len(sequence) for sequence in sequences])
    x = np.zeros((len(sequences), *sequences[0].shape[1:]), np.float32)
    for tick in range(lengths.max()):
        active = tick < lengths
        x[active] = [sequences[row][tick] for row in np.flatnonzero(active)]
        yield x, active


def _split(rows: list[F32], sequences: Sequence[F32]) -> list[F32]:
    """From `(S, n)` each tick to `(T, n)` for each sequence."""
    return [
        np.stack([row[place] for row in rows[: len(sequence)]])
        for place, sequence in enumerate(sequences)
    ]


def _events(recognizer: GraphRecognizer, scores: F32, sequence: F32) -> list[FoundEvent]:
    return decode_scores(
        scores,
        labels=recognizer.labels,
        operating_points=recognizer.operating_points,
        valid=np.asarray((sequence != 0.0).any(axis=(1, 2))),
        delay_ticks=recognizer.delay,
        rate_hz=recognizer.rate_hz,
    )


class _Tap(PlainRunner):
    """Keeps what the network gives, all outputs of a tick side by side."""

    def __init__(self, graph: StepGraph) -> None:
        backend = OnnxRuntimeBackend(OnnxRuntimeConfig())
        super().__init__(PROCESSOR, backend, graph, ServingLimits(bound_ms=UNHURRIED_MS))
        self.rows: list[F32] = []

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        """See `GraphRunner.step`."""
        outputs = super().step(x, active)
        self.rows.append(np.concatenate(outputs, axis=1))
        return outputs


def _largest(shifts_s: list[float]) -> float:
    return round(max(map(abs, shifts_s), default=0.0), 3)


def _rounded(value: np.float32) -> float:
    return float(f"{value:.3g}")
