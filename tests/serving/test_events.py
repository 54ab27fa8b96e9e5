"""From recorded poses to events, with an accelerator that fails while a gesture is going on."""

import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from engine.backends import RunGraph
from engine.config import Config
from engine.core.stream import Decision, StreamCore
from engine.messages import GestureEvent
from engine.poses import PoseSample
from engine.serving.backend_spec import BackendSpec
from engine.serving.candidates import Candidates
from engine.serving.choice import PROCESSOR
from engine.serving.limits import ServingLimits
from engine.serving.served import ServedGraph
from engine.step_graph import StepGraph
from engine.wire.recording import open_recording
from plugins.recognizers.graph.recognizer import GraphConfig, GraphRecognizer
from tests.fakes.running import run_graph
from tests.serving.faulty import HERE, faulty

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "sample.mcap"


def decisions_of(
    samples: list[PoseSample], run: RunGraph, wait_for: threading.Event | None = None
) -> Iterator[Decision]:
    model = GraphRecognizer(GraphConfig(), None, run)
    try:
        model.warm_up()
        if wait_for is not None:
            assert wait_for.wait(30.0)
        core = StreamCore(Config(), model)
        for sample in samples:
            yield from core.step(sample)
        yield from core.finish()
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


@pytest.mark.parametrize("fault", ["stall", "nan"])
def test_events_are_those_of_an_undisturbed_run(fault: str, tmp_path: Path) -> None:
    samples = list(open_recording(SAMPLE).pose_inputs())
    trigger = tmp_path / "now"
    spec = faulty(at_cue=fault, trigger=str(trigger), once=str(tmp_path / "once"))
    limits = ServingLimits(bound_ms=1000.0, first_retry_s=0.01)
    serves, backends = threading.Event(), [PROCESSOR]

    def run(graph: StepGraph) -> ServedGraph:
        def note(change: object) -> None:
            backends.append(served.backend)
            serves.set()

        candidates = Candidates([spec], limits, named=True)
        served = ServedGraph(graph, BackendSpec(PROCESSOR), candidates, limits, note)
        return served

    given = []
    for decision in decisions_of(samples, run, serves):
        given.append(decision)
        body = decision.body
        if isinstance(body, GestureEvent) and body.state == "update":
            trigger.touch()  # the next tick fails, in the middle of this gesture
    expected = list(decisions_of(samples, run_graph))
    assert trigger.exists()
    assert backends[:3] == [PROCESSOR, HERE, PROCESSOR]
    assert told(given) == told(expected)
