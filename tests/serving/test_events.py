"""From recorded poses to events, with an accelerator that fails while a gesture is going on."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from engine.backends import RunGraph
from engine.clock import NS_PER_S
from engine.config import Config
from engine.core.batch import LoneStream
from engine.core.stream import Decision, StreamCore
from engine.messages import GestureEvent
from engine.poses import PoseSample
from engine.serving.backend_spec import BackendSpec
from engine.serving.candidates import Candidates
from engine.serving.changes import BackendChange
from engine.serving.choice import PROCESSOR
from engine.serving.limits import ServingLimits
from engine.serving.plain import plainly
from engine.serving.served import ServedGraph
from engine.step_graph import StepGraph
from engine.wire.recording import open_recording
from plugins.recognizers.graph.recognizer import GraphConfig, GraphRecognizer
from tests.fakes.running import run_graph
from tests.serving.faulty import HERE, faulty
from tests.serving.processes import PATIENT_S, wait_until
from tests.serving.stalling import Stalling

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "sample.mcap"
PART_S = (40.0, 47.0)
"""Of the sample; three gestures begin in it, two of them last long enough for updates."""

LIMITS = ServingLimits(bound_ms=10_000.0, check_ticks=20, first_retry_s=0.01)
STALL_BOUND_MS = 800.0


class Session:
    """A recogniser whose accelerator serves from the first sample on."""

    def __init__(self, spec: BackendSpec, limits: ServingLimits) -> None:
        self.changes: list[BackendChange] = []
        self._serves = threading.Event()
        self._candidates = Candidates([spec], limits, named=True)
        self._limits = limits

    @property
    def backends(self) -> list[str]:
        """Who has served, in order."""
        return [PROCESSOR, *(change.after for change in self.changes)]

    def decisions(self, samples: Iterable[PoseSample]) -> Iterator[Decision]:
        return decisions_of(samples, self._run, lambda: self._serves.wait(PATIENT_S))

    def _run(self, graph: StepGraph) -> ServedGraph:
        processor = BackendSpec(PROCESSOR)
        return ServedGraph(graph, processor, self._candidates, self._limits, self._changed)

    def _changed(self, change: BackendChange) -> None:
        self.changes.append(change)
        self._serves.set()


@pytest.fixture(scope="module")
def samples() -> list[PoseSample]:
    every = list(open_recording(SAMPLE).pose_inputs())
    begin, end = (every[0].capture_ns + round(s * NS_PER_S) for s in PART_S)
    return [sample for sample in every if begin <= sample.capture_ns < end]


@pytest.fixture(scope="module")
def undisturbed(samples: list[PoseSample]) -> list[Decision]:
    return list(decisions_of(samples, run_graph))


def decisions_of(
    samples: Iterable[PoseSample], run: RunGraph, ready: Callable[[], bool] = lambda: True
) -> Iterator[Decision]:
    model = GraphRecognizer(GraphConfig(), None, run)
    try:
        model.warm_up()
        assert ready()
        stream = LoneStream(StreamCore(Config(), model), model)
        for sample in samples:
            yield from stream.step(sample)
        yield from stream.finish()
    finally:
        model.close()


def told(decisions: list[Decision]) -> list[tuple[object, ...]]:
    """Everything that is published of them, scores rounded."""
    rows = []
    for decision in decisions:
        fields = msgspec.structs.astuple(decision.body)
        rounded = (round(f, 3) if isinstance(f, float) else f for f in fields if f is not None)
        rows.append((decision.kind, decision.epoch, decision.capture_ns, *map(str, rounded)))
    return rows


def gestures(decisions: list[Decision]) -> list[GestureEvent]:
    return [d.body for d in decisions if isinstance(d.body, GestureEvent)]


def lived(
    session: Session, samples: Iterable[PoseSample], fail: Callable[[], None]
) -> list[Decision]:
    """What is decided when `fail` is called as the first gesture with an update goes on.

    The failure comes, and the processor serves, before that gesture is over.
    """
    given: list[Decision] = []
    struck = ""
    for decision in session.decisions(samples):
        given.append(decision)
        body = decision.body
        if not isinstance(body, GestureEvent):
            continue
        if body.state == "update" and not struck:
            assert session.backends == [PROCESSOR, HERE]
            struck = body.id
            fail()
        if body.id == struck and body.state == "end":
            assert session.backends[:3] == [PROCESSOR, HERE, PROCESSOR]
    states = [event.state for event in gestures(given) if event.id == struck]
    assert states == ["start", "update", "end"]
    return given


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("stall", "no answer for 800 ms"),
        ("error", "the device said no"),
        ("nan", "not finite"),
        ("exit", "ended with exit code 7"),
        pytest.param(
            "kill",
            "ended by SIGKILL",
            marks=pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL"),
        ),
    ],
)
def test_events_are_those_of_an_undisturbed_run(
    fault: str,
    words: str,
    samples: list[PoseSample],
    undisturbed: list[Decision],
    tmp_path: Path,
) -> None:
    trigger = tmp_path / "now"
    spec = faulty(at_cue=fault, trigger=str(trigger), once=str(tmp_path / "once"))
    limits = replace(LIMITS, bound_ms=STALL_BOUND_MS) if fault == "stall" else LIMITS
    session = Session(spec, limits)
    given = lived(session, samples, trigger.touch)
    assert words in session.changes[1].reason
    assert told(given) == told(undisturbed)


def test_events_go_on_when_the_device_is_gone_for_good(
    samples: list[PoseSample], undisturbed: list[Decision], tmp_path: Path
) -> None:
    trigger, pids = tmp_path / "now", tmp_path / "pids"
    spec = faulty(at_cue="device", at_open="device", trigger=str(trigger), pids=str(pids))
    session = Session(spec, LIMITS)

    def until_it_was_sought_again() -> Iterator[PoseSample]:
        for sample in samples:
            if len(session.backends) == 3:
                wait_until(lambda: len(pids.read_text().split()) >= 3)
            yield sample

    given = lived(session, until_it_was_sought_again(), trigger.touch)
    assert session.backends == [PROCESSOR, HERE, PROCESSOR]
    assert "the device is gone" in session.changes[1].reason
    assert told(given) == told(undisturbed)


def test_a_tick_that_a_late_processor_gives_up_lowers_coverage_and_nothing_else(
    samples: list[PoseSample], undisturbed: list[Decision]
) -> None:
    """Without any other backend, a little after the update of the first gesture that has one."""
    updated_ns = next(
        d.capture_ns
        for d in undisturbed
        if isinstance(d.body, GestureEvent) and d.body.state == "update"
    )
    ticks = round((updated_ns - samples[0].capture_ns) / NS_PER_S * 25)
    late = Stalling({ticks + 5, ticks + 6})
    limits = ServingLimits(bound_ms=50.0)
    given = list(decisions_of(samples, plainly("late", late, limits)))
    told_of = [(event.id, event.state, event.label) for event in gestures(given)]
    assert told_of == [(event.id, event.state, event.label) for event in gestures(undisturbed)]
    seen = {event.id: event.coverage for event in gestures(given)}
    whole = {event.id: event.coverage for event in gestures(undisturbed)}
    (hit,) = [id_ for id_ in seen if seen[id_] < whole[id_]]
    assert [event.state for event in gestures(given) if event.id == hit] == [
        *("start", "update", "end"),
    ]
