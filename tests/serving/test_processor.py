"""A processor that is late is aborted, tried again, and never skipped in silence."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from engine.backends import Backend, GraphRunner, StepEngine
from engine.clock import SystemClock
from engine.errors import EngineError, ModelError
from engine.poses import F32, Bools
from engine.serving.engine_group import EngineGroup
from engine.serving.follower import Follower
from engine.serving.history import TickHistory
from engine.serving.limits import ServingLimits
from engine.serving.plain import PlainRunner
from engine.serving.processor import WatchedProcessor
from engine.step_graph import StepGraph
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL, GraphConfig, GraphRecognizer
from tests.fakes.running import run_graph
from tests.recognizers.graph.models import person
from tests.serving.graphs import FIELD, noise, small_graph
from tests.serving.stalling import Stalling, StallingEngine

GRAPH = small_graph()


class Following:
    """A watched processor and the history it follows, stepped as `ServedGraph` does."""

    def __init__(self, backend: Backend, graph: StepGraph, limits: ServingLimits) -> None:
        self._history = TickHistory(graph.receptive_field, graph.row)
        follower = Follower(EngineGroup(backend, graph), self._history, graph)
        self.processor = WatchedProcessor(follower, graph.name, limits.bound_ms, SystemClock())
        self.close = self.processor.close

    def reserve(self, streams: int) -> None:
        self.processor.reserve(streams)
        self._history.reserve(streams)

    def reset(self, stream: int) -> None:
        self._history.reset(stream)

    def miss(self, x: F32) -> None:
        """Somebody else runs a tick."""
        self._history.add(x, np.ones(len(x), np.bool_))

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        outputs = self.processor.step(x, active)
        self._history.add(x, active)
        return outputs


def plain(backend: Backend, graph: StepGraph, limits: ServingLimits) -> PlainRunner:
    return PlainRunner("stalling", backend, graph, limits)


Line = Following | PlainRunner
MakeLine = Callable[[Backend, StepGraph, ServingLimits], Line]

both = pytest.mark.parametrize("make", [Following, plain])
"""What serves meanwhile, and what always serves."""


@contextmanager
def line(make: MakeLine, *stalls: set[int], streams: int = 1) -> Iterator[Line]:
    made = make(Stalling(*stalls), GRAPH, ServingLimits(bound_ms=20.0))
    try:
        made.reserve(streams)
        yield made
    finally:
        made.close()


def step(line: Line, x: F32, active: Bools | None = None) -> F32:
    active = np.ones(len(x), np.bool_) if active is None else active
    return np.concatenate([output.copy() for output in line.step(x, active)], axis=1)


def undisturbed(x: F32) -> list[F32]:
    """Without anybody who watches."""
    alone = EngineGroup(OnnxRuntimeBackend(OnnxRuntimeConfig()), GRAPH)
    alone.reserve(x.shape[1])
    active = np.ones(x.shape[1], np.bool_)
    return [np.concatenate([o.copy() for o in alone.step(tick, active)], axis=1) for tick in x]


@both
def test_a_step_that_is_late_is_tried_once_more(make: MakeLine) -> None:
    x = noise(30, 1)
    with line(make, {7, 15}) as disturbed:
        given = [step(disturbed, tick) for tick in x]
    np.testing.assert_array_equal(given, undisturbed(x))


@both
def test_a_tick_that_is_late_twice_is_told_as_nan_and_kept_for_the_next_step(
    make: MakeLine, caplog: pytest.LogCaptureFixture
) -> None:
    x = noise(30, 1)
    with line(make, {7, 8}) as disturbed, caplog.at_level(logging.WARNING):
        given = [step(disturbed, tick) for tick in x]
    assert "did not finish a tick of 1 streams" in caplog.text
    expected = undisturbed(x)
    assert np.isnan(given[7]).all()
    np.testing.assert_array_equal(given[:7] + given[8:], expected[:7] + expected[8:])


@both
def test_only_the_rows_of_the_engine_that_is_late_lose_the_tick(make: MakeLine) -> None:
    """Two engines: the second one stalls after the first has had the tick."""
    x = noise(30, 3)
    with line(make, set(), {4, 9, 10}) as disturbed:
        disturbed.reserve(3)
        given = [step(disturbed, tick) for tick in x]
    expected = undisturbed(x)
    late = [number for number, outputs in enumerate(given) if np.isnan(outputs).any()]
    assert len(late) == 1
    assert np.isnan(given[late[0]][1:]).all()
    np.testing.assert_allclose(given[late[0]][0], expected[late[0]][0], atol=1e-6)
    for number in set(range(30)) - set(late):
        np.testing.assert_allclose(given[number], expected[number], atol=1e-6)


def test_late_while_memory_is_rebuilt_costs_ticks_but_no_memory() -> None:
    x = noise(FIELD + 30, 1)
    with line(Following, {3, 8, 9}) as disturbed:
        assert isinstance(disturbed, Following)
        for tick in x[:20]:
            disturbed.miss(tick)
        given = [step(disturbed, tick) for tick in x[20:]]
        assert disturbed.processor.given_up == 1
    assert np.isnan(given[0]).all()
    np.testing.assert_allclose(given[1:], undisturbed(x)[21:], atol=1e-6)


@both
def test_a_row_that_sleeps_while_it_lacks_a_tick_runs_it_when_it_wakes(make: MakeLine) -> None:
    """Another row is added and goes on meanwhile."""
    x = noise(30, 2)
    with line(make, {5, 6}, streams=1) as disturbed:
        for tick in x[:6]:
            last = step(disturbed, tick[:1])
        assert np.isnan(last).all()
        disturbed.reserve(2)
        for tick in x[6:20]:
            other = step(disturbed, tick, np.array([False, True]))
        awake = [step(disturbed, tick) for tick in x[20:]]
    np.testing.assert_allclose(other[1], undisturbed(x[6:20])[-1][1], atol=1e-6)
    expected = undisturbed(np.concatenate([x[:6], x[20:]]))[6:]
    np.testing.assert_allclose([row[0] for row in awake], [row[0] for row in expected], atol=1e-6)


@both
def test_a_reset_forgets_what_was_given_up_too(make: MakeLine) -> None:
    x = noise(12, 1)
    with line(make, {3, 4}) as disturbed:
        for tick in x[:4]:
            last = step(disturbed, tick)
        assert np.isnan(last).all()
        disturbed.reset(0)
        given = [step(disturbed, tick) for tick in x[4:8]]
        disturbed.reset(0)
        given += [step(disturbed, tick) for tick in x[8:]]
    np.testing.assert_array_equal(given, undisturbed(x[4:8]) + undisturbed(x[8:]))


@both
def test_a_processor_that_is_always_late_is_an_error_with_what_to_do(make: MakeLine) -> None:
    with line(make, set(range(1000))) as stuck:
        for tick in noise(8, 1):
            assert np.isnan(step(stuck, tick)).all()
        with pytest.raises(ModelError, match=r"9 times in a row.*Run fewer streams"):
            step(stuck, noise(1, 1)[0])


@both
def test_a_processor_that_breaks_is_a_model_error(make: MakeLine) -> None:
    class BrokenEngine(StallingEngine):
        def step(self, active: Bools) -> None:
            raise EngineError("bad memory")

    class Broken(Stalling):
        def open(self, graph: StepGraph, streams: int) -> StepEngine:
            return BrokenEngine(super().open(graph, streams), set(), 0.0)

    broken = make(Broken(), GRAPH, ServingLimits(bound_ms=1000.0))
    try:
        broken.reserve(1)
        with pytest.raises(ModelError, match="cannot run small: bad memory"):
            step(broken, noise(1, 1)[0])
    finally:
        broken.close()


@both
def test_a_real_step_is_aborted_too(make: MakeLine) -> None:
    """256 streams of the shipped model take more than a millisecond anywhere."""
    graph = read_model(SHIPPED_MODEL).graph
    backend = OnnxRuntimeBackend(OnnxRuntimeConfig())
    real = make(backend, graph, ServingLimits(bound_ms=0.1))
    try:
        real.reserve(256)
        assert np.isnan(step(real, np.ones((256, *graph.row), np.float32))).all()
    finally:
        real.close()


class _EverySecondLate:
    """A runner that gives every other tick up, the first included."""

    def __init__(self, other: GraphRunner) -> None:
        self.backend = other.backend
        self.reserve, self.reset, self.close = other.reserve, other.reset, other.close
        self._other = other
        self.late: Bools | None = None

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        self.late = active if self.late is None else None
        outputs = self._other.step(x, active)
        return tuple(o if self.late is None else np.full_like(o, np.nan) for o in outputs)


def test_a_recogniser_abstains_at_a_tick_that_was_given_up() -> None:
    model = GraphRecognizer(GraphConfig(), None, lambda graph: _EverySecondLate(run_graph(graph)))
    x = person(2)
    given_up = model.step(x[0])
    assert np.isnan(given_up).all()
    assert model.late is not None and model.late.all()
    in_time = model.step(x[1])
    assert not np.isnan(in_time).all()
    assert model.late is None
