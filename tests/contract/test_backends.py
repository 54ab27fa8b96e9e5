"""Every backend that can be used here makes engines that are alike."""

import inspect
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import msgspec
import numpy as np
import psutil
import pytest

from engine import registry
from engine.backends import Backend, EngineBuilder, StepEngine, Tunable
from engine.errors import ModelError, StepAborted
from engine.poses import F32
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL

GRAPH = read_model(SHIPPED_MODEL).graph
CORES = psutil.cpu_count() or 1
TICKS = 240  # more than the receptive field
TOLERANCE = 1e-4


@pytest.fixture(params=registry.names("backends"))
def backend(request: pytest.FixtureRequest) -> Backend:
    made: Backend = registry.create("backends", request.param, {})
    if made.refusal():
        pytest.skip(f"{request.param}: {made.refusal()}")
    return made


@pytest.fixture
def engine(backend: Backend) -> Iterator[StepEngine]:
    made = backend.open(GRAPH, 3)
    yield made
    made.close()


def ticks(streams: int, seed: int = 0) -> F32:
    """`(T, S, C, 22)` joints that come and go."""
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 0.5, (TICKS, streams, *GRAPH.row)).astype(np.float32)
    x[:, :, 0] = rng.random((TICKS, streams, GRAPH.row[1])) < 0.9
    return np.asarray(x * x[:, :, :1], np.float32)


def stepped(engine: StepEngine, x: F32) -> list[F32]:
    """`(T, S, n)` for each output."""
    given = []
    active = np.zeros(engine.streams, np.bool_)
    active[: x.shape[1]] = True
    for tick in x:
        engine.x[: len(tick)] = tick
        engine.step(active)
        given.append([output[: len(tick)].copy() for output in engine.outputs])
    return [np.stack(output) for output in zip(*given, strict=True)]


def reference(x: F32) -> list[F32]:
    plain: Backend = registry.create("backends", "onnxruntime", {})
    return stepped(plain.open(GRAPH, x.shape[1]), x)


def alike(given: list[F32], expected: list[F32]) -> None:
    for one, other in zip(given, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=TOLERANCE)


def test_it_has_room_and_arrays_of_the_right_shape(engine: StepEngine) -> None:
    assert engine.streams >= 3
    assert engine.x.shape == (engine.streams, *GRAPH.row)
    shapes = [output.shape for output in engine.outputs]
    assert shapes == [(engine.streams, *row) for _, row in GRAPH.outputs]


@pytest.mark.parametrize("streams", [1, 3, 8, 13])
def test_it_agrees_with_the_reference_however_many_streams(backend: Backend, streams: int) -> None:
    x = ticks(streams)
    alike(stepped(backend.open(GRAPH, streams), x), reference(x))


def test_a_stream_is_the_same_whoever_is_beside_it(engine: StepEngine) -> None:
    x = ticks(3)
    alike([output[:, 1:2] for output in stepped(engine, x)], reference(x[:, 1:2]))


def test_idle_streams_keep_their_memory(engine: StepEngine) -> None:
    x = ticks(3)
    expected = reference(x)
    position = np.zeros(3, np.intp)
    active = np.zeros(engine.streams, np.bool_)
    for turn in range(200):
        active[:3] = [True, turn % 2 == 0, turn % 3 == 0]
        engine.x[:3] = x[position, range(3)]
        engine.step(active)
        for output, told in zip(engine.outputs, expected, strict=True):
            for stream in np.flatnonzero(active):
                np.testing.assert_allclose(
                    output[stream], told[position[stream], stream], atol=TOLERANCE
                )
        position += active[:3]


def test_reset_forgets_one_stream_only(engine: StepEngine) -> None:
    x = ticks(3)
    stepped(engine, x[:50])
    engine.reset(1)
    after = stepped(engine, x[50:100])
    alike([output[:, :1] for output in after], [o[50:] for o in reference(x[:100, :1])])
    alike([output[:, 1:2] for output in after], reference(x[50:100, 1:2]))


def test_the_past_of_warming_up_is_gone(backend: Backend) -> None:
    fresh = ticks(1, seed=3)[:5]
    alike(stepped(backend.open(GRAPH, 1), fresh), reference(fresh))


def test_close_is_idempotent(backend: Backend) -> None:
    engine = backend.open(GRAPH, 1)
    engine.close()
    engine.close()


def test_a_graph_that_is_none_is_refused(backend: Backend) -> None:
    broken = replace(GRAPH, name="broken.onnx", onnx=b"no graph")
    with pytest.raises(ModelError, match=r"broken\.onnx"):
        backend.open(broken, 1)


def test_an_abort_leaves_the_memory_as_it_was(backend: Backend) -> None:
    """Many steps with a thread that aborts at random: those that came through count."""
    if backend.accelerator:
        pytest.skip("what runs on another device cannot be stopped half way")
    x = ticks(64)[:60]
    step_s = slowest_step_s(backend, x)
    engine = backend.open(GRAPH, 64)
    active, stop, aborted = np.ones(64, np.bool_), threading.Event(), 0
    random = Random(0)

    def disturb() -> None:
        # Most pauses are longer than a step: on a machine however slow, some come through.
        while not stop.wait(random.uniform(0.0, 4.0 * step_s)):
            engine.abort()

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        for tick in x:
            engine.x[:] = tick
            while True:
                try:
                    engine.step(active)
                    break
                except StepAborted:
                    aborted += 1
    finally:
        stop.set()
        thread.join()
    assert aborted > 0
    alike([output.copy()[None] for output in engine.outputs], [o[-1:] for o in reference(x)])


def slowest_step_s(backend: Backend, x: F32) -> float:
    """Of a few that nobody disturbs."""
    engine, took_s = backend.open(GRAPH, 64), []
    for tick in x[:5]:
        engine.x[:] = tick
        start_s = time.perf_counter()
        engine.step(np.ones(64, np.bool_))
        took_s.append(time.perf_counter() - start_s)
    engine.close()
    return max(took_s)


@pytest.mark.parametrize("name", registry.names("backends"))
def test_what_is_called_build_can_be_called_as_the_contract_says(name: str) -> None:
    """Whether or not it can be used here."""
    made = registry.create("backends", name, {})
    if isinstance(made, EngineBuilder):
        assert list(inspect.signature(made.build).parameters) == ["graph", "streams"]


def test_what_was_built_beforehand_is_not_built_again(
    backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isinstance(backend, EngineBuilder):
        pytest.skip("has nothing to build")
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    first, again = backend.build(GRAPH, 1), backend.build(GRAPH, 1)
    assert (first.built, first.unkept) == (True, "")
    assert (again.built, again.plan) == (False, first.plan)
    x = ticks(1)[:5]
    alike(stepped(backend.open(GRAPH, 1), x), reference(x))


def test_what_it_can_be_tuned_to_agrees_with_the_reference(backend: Backend) -> None:
    if not isinstance(backend, Tunable):
        assert not hasattr(backend, "choices")
        return
    default, *others = backend.choices(CORES)
    assert default == {}
    x = ticks(3)
    for options in others:
        tuned = type(backend)(msgspec.convert(options, type(backend).Config))  # type: ignore[call-arg, attr-defined]
        alike(stepped(tuned.open(GRAPH, 3), x), reference(x))
