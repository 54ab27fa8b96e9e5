"""An engine in a process of its own is like any other, and every way to fail has its words."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine.backends import StepEngine
from engine.errors import DeviceError, EngineError, ModelError
from engine.poses import F32
from engine.serving.backend_spec import BackendSpec
from engine.serving.hosted import HostedBackend, HostedEngine
from engine.step_graph import StepGraph
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from tests.serving.faulty import CUE, faulty
from tests.serving.graphs import noise, small_graph
from tests.serving.processes import PATIENT_S, runs, wait_until

GRAPH = small_graph()
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def opened(
    spec: BackendSpec, streams: int = 2, bound_ms: float = 5000.0, graph: StepGraph = GRAPH
) -> Iterator[HostedEngine]:
    engine = HostedBackend(spec, bound_ms=bound_ms).open(graph, streams)
    try:
        yield engine
    finally:
        engine.close()


def stepped(engine: StepEngine, x: F32) -> list[F32]:
    given = []
    for tick in x:
        engine.x[:] = tick
        engine.step(np.ones(len(tick), np.bool_))
        given.append(np.concatenate([output.copy() for output in engine.outputs], axis=1))
    return given


def in_this_process(streams: int) -> StepEngine:
    return OnnxRuntimeBackend(OnnxRuntimeConfig()).open(GRAPH, streams)


def with_cue(streams: int = 2) -> F32:
    x = noise(1, streams)
    x[0, 0].flat[0] = CUE
    return x


def test_it_gives_what_the_same_backend_gives_in_this_process() -> None:
    x = noise(40, 3)
    with opened(BackendSpec("onnxruntime"), 3) as engine:
        given = stepped(engine, x[:20])
        engine.reset(1)
        given += stepped(engine, x[20:])
    local = in_this_process(3)
    expected = stepped(local, x[:20])
    local.reset(1)
    expected += stepped(local, x[20:])
    np.testing.assert_array_equal(given, expected)


def test_idle_rows_keep_their_memory() -> None:
    x = noise(6, 2)
    with opened(BackendSpec("onnxruntime")) as engine:
        for tick, active in zip(x, [[1, 1], [1, 0], [0, 1], [1, 0], [1, 1], [1, 1]], strict=True):
            engine.x[:] = tick
            engine.step(np.array(active, np.bool_))
        given = engine.outputs[0].copy()
    for row, ticks in enumerate([[0, 1, 3, 4, 5], [0, 2, 4, 5]]):
        expected = stepped(in_this_process(1), x[ticks][:, row : row + 1])[-1]
        np.testing.assert_array_equal(given[row], expected[0, :4])


def test_a_tick_that_does_not_fit_the_pipe_comes_through() -> None:
    streams = 20_000
    x = noise(2, streams)
    with opened(BackendSpec("onnxruntime"), streams, graph=small_graph(2)) as engine:
        assert engine.x.nbytes > 2**18
        stepped(engine, x)
        alone = OnnxRuntimeBackend(OnnxRuntimeConfig()).open(small_graph(2), 1)
        expected = stepped(alone, x[:, -1:])[-1]
        np.testing.assert_allclose(engine.outputs[0][-1], expected[0, :4], atol=1e-5)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("stall", "no answer for 300 ms"),
        ("error", "RuntimeError: the device said no"),
        ("device", "the device is gone"),
        ("nan", "not finite"),
        ("exit", "ended with exit code 7"),
        pytest.param(
            "kill",
            "ended by SIGKILL",
            marks=pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL"),
        ),
    ],
)
def test_every_way_to_fail_has_its_words_and_is_the_end(fault: str, words: str) -> None:
    with opened(faulty(at_cue=fault), bound_ms=300.0) as engine:
        stepped(engine, noise(3, 2))
        with pytest.raises(EngineError, match=words):
            stepped(engine, with_cue())
        wait_until(lambda: not runs(engine.pid))
        with pytest.raises(EngineError, match=words):
            stepped(engine, noise(1, 2))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGSTOP")
@pytest.mark.parametrize("streams", [1, 20_000])
def test_a_process_that_stands_still_is_given_up_even_if_it_does_not_read(streams: int) -> None:
    """The larger tick does not fit the pipe: it is the sending that would never end."""
    x = noise(2, streams)
    spec = BackendSpec("onnxruntime")
    with opened(spec, streams, bound_ms=500.0, graph=small_graph(2)) as engine:
        stepped(engine, x[:1])
        os.kill(engine.pid, signal.SIGSTOP)
        with pytest.raises(EngineError, match="no answer for 500 ms"):
            stepped(engine, x[1:])


def test_abort_ends_a_step_that_is_running() -> None:
    with opened(faulty(at_cue="stall"), bound_ms=60_000.0) as engine:
        timer = threading.Timer(0.2, engine.abort)
        timer.start()
        with pytest.raises(EngineError, match="stopped on request"):
            stepped(engine, with_cue())
        timer.join()


def test_close_is_idempotent_and_a_closed_engine_says_so() -> None:
    with opened(BackendSpec("onnxruntime")) as engine:
        engine.close()
        engine.close()
        with pytest.raises(EngineError, match="is closed"):
            stepped(engine, noise(1, 2))


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ("model", ModelError, "this network cannot be run"),
        ("error", DeviceError, "the device said no"),
        ("exit", DeviceError, "while the engine was made, its process ended with exit code 7"),
    ],
)
def test_an_engine_that_cannot_be_made_says_why(
    fault: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        HostedBackend(faulty(at_open=fault)).open(GRAPH, 1)


def test_a_build_that_takes_too_long_is_given_up() -> None:
    backend = HostedBackend(faulty(at_open="stall"), open_within_s=0.3)
    with pytest.raises(DeviceError, match=r"no engine within 0\.3 s"):
        backend.open(GRAPH, 1)


def test_a_build_can_be_cancelled() -> None:
    backend = HostedBackend(faulty(at_open="stall"))
    timer = threading.Timer(0.3, backend.cancel)
    timer.start()
    with pytest.raises(DeviceError, match="cancelled"):
        backend.open(GRAPH, 1)
    timer.join()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_it_is_made_at_a_lower_priority_than_it_serves() -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    with opened(BackendSpec("tests.serving.faulty:Priorities")) as engine:
        stepped(engine, noise(1, 2))
        made, serves = engine.outputs[0][0, :2]
    assert made > serves == own


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("building", [False, True])
def test_it_does_not_outlive_a_killed_parent(building: bool, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    pids = tmp_path / "pids"
    script.write_text(
        textwrap.dedent(f"""
        import threading
        from engine.serving.hosted import HostedBackend
        from tests.serving.faulty import faulty
        from tests.serving.graphs import small_graph

        if __name__ == "__main__":
            at_open = "stall" if {building} else ""
            engine = HostedBackend(faulty(at_open=at_open, pids={str(pids)!r})).open(
                small_graph(), 1
            )
            threading.Event().wait(600)
        """)
    )
    with _running(script) as parent:
        wait_until(lambda: pids.exists() and pids.read_text().endswith("\n"))
        child = psutil.Process(int(pids.read_text()))
        parent.kill()
        parent.wait()
        child.wait(PATIENT_S)


@contextmanager
def _running(script: Path) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, str(script)], cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
