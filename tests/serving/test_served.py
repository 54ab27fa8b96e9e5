"""Whatever happens to an accelerator, every tick has its outputs and they go on undisturbed."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine.clock import NS_PER_MS, SystemClock
from engine.poses import F32
from engine.serving.backend_spec import BackendSpec
from engine.serving.candidates import Candidates
from engine.serving.changes import BackendChange
from engine.serving.choice import PROCESSOR
from engine.serving.engine_group import EngineGroup
from engine.serving.limits import ServingLimits
from engine.serving.served import ServedGraph
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from tests.serving.faulty import CUE, HERE, faulty
from tests.serving.graphs import FIELD, ROW, small_graph
from tests.serving.processes import runs

GRAPH = small_graph()
TICKS_AT_MOST = 20_000
PAUSE_S = 0.002
BOUND_MS = 800.0


class Session:
    """Steps a served graph with noise and remembers every tick, its outputs and every change."""

    def __init__(self, spec: BackendSpec, streams: int, limits: ServingLimits) -> None:
        self.changes: list[BackendChange] = []
        self._reset_before: dict[int, int] = {}
        self._x: list[F32] = []
        self._given: list[F32] = []
        self._rng = np.random.default_rng(3)
        self._streams = streams
        self.served = ServedGraph(
            GRAPH,
            BackendSpec(PROCESSOR),
            Candidates([spec], limits, named=True),
            limits,
            self.changes.append,
        )
        self.served.reserve(streams)

    @property
    def backends(self) -> list[str]:
        """Who has served, in order."""
        return [PROCESSOR, *(change.after for change in self.changes)]

    def step(self, ticks: int = 1, *, cue: bool = False) -> None:
        for _ in range(ticks):
            x = self._rng.normal(0, 1, (self._streams, *ROW)).astype(np.float32)
            if cue:
                x.flat[0] = CUE
            outputs = self.served.step(x, np.ones(len(x), np.bool_))
            self._x.append(x)
            self._given.append(np.concatenate([o.copy() for o in outputs], axis=1))

    def step_until(self, happened: Callable[[], bool]) -> None:
        pause = threading.Event()
        for _ in range(TICKS_AT_MOST):
            if happened():
                return
            self.step()
            pause.wait(PAUSE_S)
        raise AssertionError(f"it did not happen; {self.served.backend}")

    def step_until_served_by(self, name: str) -> None:
        self.step_until(lambda: self.served.backend.name == name)

    def reset(self, stream: int) -> None:
        self.served.reset(stream)
        self._reset_before[len(self._x)] = stream

    def reserve(self, streams: int) -> None:
        self._streams = streams
        self.served.reserve(streams)

    def check(self) -> None:
        """Every output is that of the processor, undisturbed."""
        alone = EngineGroup(OnnxRuntimeBackend(OnnxRuntimeConfig()), GRAPH)
        for number, (x, given) in enumerate(zip(self._x, self._given, strict=True)):
            alone.reserve(len(x))
            if number in self._reset_before:
                alone.reset(self._reset_before[number])
            outputs = alone.step(x, np.ones(len(x), np.bool_))
            np.testing.assert_allclose(given, np.concatenate(outputs, axis=1), atol=1e-4)


@contextmanager
def session(
    spec: BackendSpec,
    streams: int = 1,
    bound_ms: float = 10_000.0,
    first_retry_s: float = 0.05,
    longest_retry_s: float = 60.0,
) -> Iterator[Session]:
    limits = ServingLimits(
        bound_ms=bound_ms,
        hand_over_ms=1000.0,
        check_ticks=FIELD + 4,
        first_retry_s=first_retry_s,
        longest_retry_s=longest_retry_s,
    )
    running = Session(spec, streams, limits)
    try:
        yield running
    finally:
        running.served.close()


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


@pytest.mark.parametrize("streams", [1, 9])
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("stall", "no answer for 800 ms"),
        ("error", "the device said no"),
        ("nan", "not finite"),
        ("kill", "ended by SIG"),
    ],
)
def test_a_fault_loses_no_tick_and_a_fresh_process_takes_over_again(
    fault: str, words: str, streams: int, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    spec = faulty(at_cue=fault, once=str(tmp_path / "once"), pids=str(pids))
    with session(
        spec, streams, bound_ms=BOUND_MS if fault == "stall" else 10 * BOUND_MS
    ) as running:
        running.step_until_served_by(HERE)
        running.step(FIELD + 5)
        clock = SystemClock()
        begin_ns = clock.now_ns()
        running.step(cue=True)
        took_ms = (clock.now_ns() - begin_ns) / NS_PER_MS
        assert running.backends == [PROCESSOR, HERE, PROCESSOR]
        assert words in running.changes[1].reason
        assert words in running.served.backend.reason
        assert took_ms < 5 * BOUND_MS
        running.step(3)
        running.step_until_served_by(HERE)
        assert "differs from onnxruntime by up to" in running.served.backend.reason
        running.step(2 * FIELD)
        assert running.backends == [PROCESSOR, HERE, PROCESSOR, HERE]
        assert len(set(lines(pids))) == 2
        running.check()


def test_the_processor_serves_while_an_engine_is_built_and_then_the_engine() -> None:
    with session(faulty()) as running:
        running.step()
        assert running.served.backend.name == PROCESSOR
        running.step_until_served_by(HERE)
        assert "differs from onnxruntime by up to" in running.served.backend.reason
        running.step(2 * FIELD)
        running.check()


def test_what_is_reset_is_forgotten_whoever_serves() -> None:
    with session(faulty(at_cue="exit"), 3) as running:
        running.step(5)
        running.reset(1)
        running.step_until_served_by(HERE)
        running.step(5)
        running.reset(2)
        running.step(4)
        running.reset(0)
        running.step(2)
        running.step(cue=True)
        assert running.served.backend.name == PROCESSOR
        running.step(5)
        running.check()


def test_streams_beyond_the_room_are_served_until_there_is_an_engine_for_all(
    tmp_path: Path,
) -> None:
    pids = tmp_path / "pids"
    with session(faulty(pids=str(pids))) as running:
        running.step_until_served_by(HERE)
        running.step(FIELD)
        running.reserve(3)
        running.step()
        assert running.served.backend.name == HERE
        running.step_until(lambda: len(lines(pids)) == 2)
        running.step_until(lambda: not runs(lines(pids)[0]))
        running.step(2 * FIELD)
        assert running.backends == [PROCESSOR, HERE]
        running.check()


def test_an_engine_that_differs_is_refused_once_and_for_all(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with session(faulty(off_by=0.5, pids=str(pids)), first_retry_s=0.01) as running:
        running.step_until(lambda: "differs" in running.served.backend.reason)
        assert "allowed are 0.01 and 0.001" in running.served.backend.reason
        running.reserve(1)
        running.step(20)
        assert len(lines(pids)) == 1
        assert running.backends == [PROCESSOR]
        running.check()


@pytest.mark.parametrize("fault", ["exit", "device"])
def test_an_engine_that_cannot_be_made_is_tried_again_and_again(fault: str, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    spec = faulty(at_open=fault, pids=str(pids))
    with session(spec, first_retry_s=0.01, longest_retry_s=0.02) as running:
        running.step_until(lambda: len(set(lines(pids))) >= 3)
        running.step_until(lambda: "another attempt in 0.02 s" in running.served.backend.reason)
        assert running.backends == [PROCESSOR]
        running.check()


def test_a_refusal_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with session(faulty(refusal="there is no such device"), first_retry_s=60.0) as running:
        running.step_until(lambda: "no such device" in running.served.backend.reason)
        running.step(5)
        running.check()
    assert caplog.text.count("there is no such device") == 1


def test_closing_while_an_engine_is_being_built_ends_its_process(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with session(faulty(at_open="stall", pids=str(pids))) as running:
        running.step_until(lambda: len(lines(pids)) == 1)
    assert not runs(lines(pids)[0])


def test_closing_without_ever_having_run_is_quiet() -> None:
    limits = ServingLimits()
    never = ServedGraph(GRAPH, BackendSpec(PROCESSOR), Candidates([], limits, named=True))
    never.close()
    never.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_process_that_is_gone_between_two_ticks_is_noticed_at_the_next(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with session(faulty(pids=str(pids))) as running:
        running.step_until_served_by(HERE)
        running.step(5)
        psutil.Process(int(lines(pids)[0])).kill()
        running.step()
        assert running.backends == [PROCESSOR, HERE, PROCESSOR]
        running.check()
