"""A processor that is late is aborted, tried again, and never skipped in silence."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from engine.backends import GraphRunner, StepEngine
from engine.clock import SystemClock
from engine.errors import EngineError, ModelError, StepAborted
from engine.poses import F32, Bools
from engine.serving.history import TickHistory
from engine.serving.processor import WatchedProcessor
from engine.step_graph import StepGraph
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL, GraphConfig, GraphRecognizer
from tests.fakes.running import run_graph
from tests.recognizers.graph.models import person
from tests.serving.graphs import FIELD, noise, small_graph

GRAPH = small_graph()


class Stalling:
    """onnxruntime whose engines wait to be aborted, each at some of its steps.

    Args:
        stalls: For each engine in the order of making, which of its steps, from 0.
    """

    accelerator = False

    def __init__(self, *stalls: set[int]) -> None:
        self._stalls = list(stalls)

    def refusal(self) -> str:
        return ""

    def open(self, graph: StepGraph, streams: int) -> StepEngine:
        engine = OnnxRuntimeBackend(OnnxRuntimeConfig()).open(graph, streams)
        return _StallingEngine(engine, self._stalls.pop(0) if self._stalls else set())


class _StallingEngine:
    def __init__(self, engine: StepEngine, stalls: set[int]) -> None:
        self._engine = engine
        self._stalls = stalls
        self._count = -1
        self._aborted = threading.Event()
        self.streams, self.x, self.outputs = engine.streams, engine.x, engine.outputs

    def step(self, active: Bools) -> None:
        self._count += 1
        if self._count in self._stalls:
            self._aborted.clear()
            assert self._aborted.wait(20.0)
            raise StepAborted("as asked")
        self._engine.step(active)

    def reset(self, stream: int) -> None:
        self._engine.reset(stream)

    def abort(self) -> None:
        self._aborted.set()

    def close(self) -> None:
        self._engine.close()


class Line:
    """A watched processor and the history it follows, stepped as `ServedGraph` does."""

    def __init__(self, processor: WatchedProcessor, history: TickHistory) -> None:
        self.processor = processor
        self._history = history

    def reserve(self, streams: int) -> None:
        self.processor.reserve(streams)
        self._history.reserve(streams)

    def miss(self, x: F32) -> None:
        """Somebody else runs a tick."""
        self._history.add(x, np.ones(len(x), np.bool_))

    def step(self, x: F32) -> F32:
        active = np.ones(len(x), np.bool_)
        outputs = np.concatenate([o.copy() for o in self.processor.step(x, active)], axis=1)
        self._history.add(x, active)
        return outputs


@contextmanager
def line(*stalls: set[int], streams: int = 1) -> Iterator[Line]:
    history = TickHistory(FIELD, GRAPH.row)
    processor = WatchedProcessor(Stalling(*stalls), GRAPH, history, 20.0, SystemClock())
    try:
        made = Line(processor, history)
        made.reserve(streams)
        yield made
    finally:
        processor.close()


def undisturbed(x: F32) -> list[F32]:
    with line(streams=x.shape[1]) as plain:
        return [plain.step(tick) for tick in x]


def test_a_step_that_is_late_is_tried_once_more() -> None:
    x = noise(30, 1)
    with line({7, 15}) as disturbed:
        given = [disturbed.step(tick) for tick in x]
        assert disturbed.processor.given_up == 0
    np.testing.assert_array_equal(given, undisturbed(x))


def test_a_tick_that_is_late_twice_is_told_as_nan_and_kept_for_the_next_step(
    caplog: pytest.LogCaptureFixture,
) -> None:
    x = noise(30, 1)
    with line({7, 8}) as disturbed, caplog.at_level(logging.WARNING):
        given = [disturbed.step(tick) for tick in x]
        assert disturbed.processor.given_up == 1
    assert "did not finish a tick of 1 streams" in caplog.text
    expected = undisturbed(x)
    assert np.isnan(given[7]).all()
    np.testing.assert_array_equal(given[:7] + given[8:], expected[:7] + expected[8:])


def test_only_the_rows_of_the_engine_that_is_late_lose_the_tick() -> None:
    """Two engines: the second one stalls after the first has had the tick."""
    x = noise(30, 3)
    with line(set(), {4, 9, 10}) as disturbed:
        disturbed.reserve(3)
        given = [disturbed.step(tick) for tick in x]
    expected = undisturbed(x)
    late = [number for number, outputs in enumerate(given) if np.isnan(outputs).any()]
    assert len(late) == 1
    assert np.isnan(given[late[0]][1:]).all()
    np.testing.assert_allclose(given[late[0]][0], expected[late[0]][0], atol=1e-6)
    for number in set(range(30)) - set(late):
        np.testing.assert_allclose(given[number], expected[number], atol=1e-6)


def test_late_while_memory_is_rebuilt_costs_ticks_but_no_memory() -> None:
    x = noise(FIELD + 30, 1)
    with line({3, 8, 9}) as disturbed:
        for tick in x[:20]:
            disturbed.miss(tick)
        given = [disturbed.step(tick) for tick in x[20:]]
        assert disturbed.processor.given_up == 1
    assert np.isnan(given[0]).all()
    np.testing.assert_allclose(given[1:], undisturbed(x)[21:], atol=1e-6)


def test_a_processor_that_is_always_late_is_an_error_with_what_to_do() -> None:
    with line(set(range(1000))) as stuck:
        for tick in noise(8, 1):
            assert np.isnan(stuck.step(tick)).all()
        with pytest.raises(ModelError, match=r"9 times in a row.*Run fewer streams"):
            stuck.step(noise(1, 1)[0])


def test_a_processor_that_breaks_is_a_model_error() -> None:
    class BrokenEngine(_StallingEngine):
        def step(self, active: Bools) -> None:
            raise EngineError("bad memory")

    class Broken(Stalling):
        def open(self, graph: StepGraph, streams: int) -> StepEngine:
            return BrokenEngine(super().open(graph, streams), set())

    processor = WatchedProcessor(
        Broken(), GRAPH, TickHistory(FIELD, GRAPH.row), 1000.0, SystemClock()
    )
    try:
        processor.reserve(1)
        with pytest.raises(ModelError, match="bad memory"):
            processor.step(noise(1, 1)[0], np.ones(1, np.bool_))
    finally:
        processor.close()


def test_a_real_step_is_aborted_too() -> None:
    """256 streams of the shipped model take more than a millisecond anywhere."""
    graph = read_model(SHIPPED_MODEL).graph
    history = TickHistory(graph.receptive_field, graph.row)
    backend = OnnxRuntimeBackend(OnnxRuntimeConfig())
    processor = WatchedProcessor(backend, graph, history, 0.1, SystemClock())
    try:
        processor.reserve(256)
        history.reserve(256)
        x = np.ones((256, *graph.row), np.float32)
        outputs = processor.step(x, np.ones(256, np.bool_))
        assert processor.given_up == 1
        assert all(np.isnan(output).all() for output in outputs)
    finally:
        processor.close()


class _EverySecondLate:
    """A runner that gives every other tick up, the first included."""

    def __init__(self, plain: GraphRunner) -> None:
        self.backend = plain.backend
        self.reserve, self.reset, self.close = plain.reserve, plain.reset, plain.close
        self._plain = plain
        self._late = False

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        self._late = not self._late
        outputs = self._plain.step(x, active)
        return tuple(np.full_like(o, np.nan) if self._late else o for o in outputs)


def test_a_recogniser_abstains_at_a_tick_that_was_given_up() -> None:
    model = GraphRecognizer(GraphConfig(), None, lambda graph: _EverySecondLate(run_graph(graph)))
    x = person(2)
    late, in_time = model.step(x[0]), model.step(x[1])
    assert np.isnan(late).all()
    assert not np.isnan(in_time).all()
