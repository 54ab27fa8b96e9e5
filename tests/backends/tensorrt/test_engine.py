"""The engine's logic, on a stand-in for the CUDA calls. No GPU has run it."""

import numpy as np
import pytest

from engine.errors import DeviceError, EngineError, StepAborted
from engine.poses import F32, Bools
from plugins.backends.tensorrt.engine import TensorRtEngine
from plugins.backends.tensorrt.layout import Layout
from tests.contract.test_backends import GRAPH, alike, reference, stepped, ticks
from tests.fakes.cuda import FakeCuda, ReferenceKernels

STREAMS = 3
LAYOUT = Layout(GRAPH, STREAMS)


@pytest.fixture
def cuda() -> FakeCuda:
    return FakeCuda()


@pytest.fixture
def kernels(cuda: FakeCuda) -> ReferenceKernels:
    return ReferenceKernels(cuda, GRAPH, LAYOUT)


@pytest.fixture
def engine(cuda: FakeCuda, kernels: ReferenceKernels) -> TensorRtEngine:
    made = TensorRtEngine(cuda, kernels, LAYOUT)
    cuda.calls.clear()
    cuda.zeroed.clear()
    return made


def all_rows() -> Bools:
    return np.ones(STREAMS, np.bool_)


def now(engine: TensorRtEngine) -> list[F32]:
    return [output.copy()[None] for output in engine.outputs]


def at(expected: list[F32], tick: int) -> list[F32]:
    return [output[tick : tick + 1] for output in expected]


def test_it_agrees_with_the_reference_from_the_first_tick(engine: TensorRtEngine) -> None:
    """The GPU's memory is full of NaN at first, and warming up has a past."""
    x = ticks(STREAMS)
    alike(stepped(engine, x), reference(x))


def test_idle_rows_keep_their_memory(engine: TensorRtEngine) -> None:
    x = ticks(STREAMS)[:40]
    expected = reference(x)
    position = np.zeros(STREAMS, np.intp)
    for turn in range(40):
        active = np.array([True, turn % 2 == 0, turn % 3 == 0])
        engine.x[:] = x[position, range(STREAMS)]
        engine.step(active)
        for output, told in zip(engine.outputs, expected, strict=True):
            for stream in np.flatnonzero(active):
                np.testing.assert_allclose(
                    output[stream], told[position[stream], stream], atol=1e-4
                )
        position += active


def test_a_tick_is_one_launch(engine: TensorRtEngine, cuda: FakeCuda) -> None:
    engine.step(all_rows())
    assert cuda.calls == ["launch", "record", "happened"]


def test_the_two_turns_are_two_graphs(engine: TensorRtEngine, cuda: FakeCuda) -> None:
    cuda.launched.clear()
    for _ in range(4):
        engine.step(all_rows())
    assert cuda.launched == [0, 1, 0, 1]


def test_each_turn_runs_before_it_is_captured(cuda: FakeCuda, kernels: ReferenceKernels) -> None:
    TensorRtEngine(cuda, kernels, LAYOUT)
    tick = ["upload", "upload", "enqueue", "download", "download", "download"]
    captured = [*tick, "synchronize", "begin_capture", *tick, "end_capture"]
    begin = cuda.calls.index("upload")
    assert cuda.calls[begin : begin + 2 * len(captured)] == captured * 2


def test_a_launch_that_fails_changes_nothing(engine: TensorRtEngine, cuda: FakeCuda) -> None:
    x = ticks(STREAMS)[:6]
    expected = reference(x)
    for index, tick in enumerate(x):
        engine.x[:] = tick
        cuda.failing["launch"] = 1
        with pytest.raises(EngineError, match="launch"):
            engine.step(all_rows())
        engine.step(all_rows())
        alike(now(engine), at(expected, index))


def test_a_tick_that_breaks_on_the_gpu_changes_nothing(
    engine: TensorRtEngine, cuda: FakeCuda
) -> None:
    x = ticks(STREAMS)[:6]
    expected = reference(x)
    for index, tick in enumerate(x):
        engine.x[:] = tick
        cuda.failing["happened"] = 1
        with pytest.raises(EngineError, match="happened"):
            engine.step(all_rows())
        engine.step(all_rows())
        alike(now(engine), at(expected, index))


def test_without_a_record_nobody_knows_when_a_tick_ends(
    engine: TensorRtEngine, cuda: FakeCuda
) -> None:
    cuda.failing["record"] = 1
    with pytest.raises(EngineError, match="record"):
        engine.step(all_rows())
    cuda.calls.clear()
    with pytest.raises(EngineError, match="lost track"):
        engine.step(all_rows())
    with pytest.raises(EngineError, match="lost track"):
        engine.reset(0)
    assert cuda.calls == []


def test_a_tick_that_is_given_up_changes_nothing(engine: TensorRtEngine, cuda: FakeCuda) -> None:
    x = ticks(STREAMS)[:6]
    expected = reference(x)
    for index, tick in enumerate(x):
        engine.x[:] = tick
        cuda.stuck, cuda.on_look = True, engine.abort
        with pytest.raises(StepAborted):
            engine.step(all_rows())
        cuda.stuck, cuda.on_look = False, lambda: None
        engine.step(all_rows())
        alike(now(engine), at(expected, index))


def test_nothing_is_touched_before_a_late_tick_has_ended(
    engine: TensorRtEngine, cuda: FakeCuda
) -> None:
    looks = 0

    def look() -> None:
        nonlocal looks
        looks += 1
        if looks == 2:  # the first step gives up here
            engine.abort()
        cuda.stuck = looks < 5

    cuda.stuck, cuda.on_look = True, look
    with pytest.raises(StepAborted):
        engine.step(all_rows())
    cuda.calls.clear()
    engine.step(all_rows())
    assert cuda.calls == [*["happened"] * 3, "launch", "record", "happened"]


def test_a_second_tick_can_be_given_up_while_the_first_is_late(
    engine: TensorRtEngine, cuda: FakeCuda
) -> None:
    cuda.stuck, cuda.on_look = True, engine.abort
    with pytest.raises(StepAborted):
        engine.step(all_rows())
    cuda.calls.clear()
    told = [array.copy() for array in cuda.arrays]
    with pytest.raises(StepAborted):
        engine.step(~all_rows())
    assert "launch" not in cuda.calls
    for array, before in zip(cuda.arrays, told, strict=True):
        np.testing.assert_array_equal(array, before)


def test_an_abort_before_a_step_does_not_end_it(engine: TensorRtEngine) -> None:
    engine.abort()
    engine.step(all_rows())


def test_a_reset_clears_one_row_of_each_state_where_the_next_tick_reads(
    engine: TensorRtEngine, cuda: FakeCuda
) -> None:
    places = []
    for _ in range(2):
        engine.reset(1)
        places.append([place for place, _ in cuda.zeroed])
        assert [size for _, size in cuda.zeroed] == [s.row_size for s in LAYOUT.states]
        cuda.zeroed.clear()
        engine.step(all_rows())
    assert not set(places[0]) & set(places[1])
    starts = []
    for _ in range(2):
        engine.reset(0)
        starts.append([place for place, _ in cuda.zeroed])
        cuda.zeroed.clear()
        engine.step(all_rows())
    for row, start in zip(places, starts, strict=True):
        moved = [one - zero for one, zero in zip(row, start, strict=True)]
        assert moved == [state.row_size for state in LAYOUT.states]


@pytest.mark.parametrize("before", [20, 21])
def test_a_reset_forgets_one_stream_only(engine: TensorRtEngine, before: int) -> None:
    x = ticks(STREAMS)[:60]
    stepped(engine, x[:before])
    engine.reset(1)
    after = stepped(engine, x[before:])
    kept, fresh = reference(x), reference(x[before:, 1:2])
    alike([output[:, [0, 2]] for output in after], [o[before:, [0, 2]] for o in kept])
    alike([output[:, 1:2] for output in after], fresh)


def test_a_reset_comes_after_a_tick_that_is_late(engine: TensorRtEngine, cuda: FakeCuda) -> None:
    x = ticks(STREAMS)[:30]
    stepped(engine, x[:20])
    cuda.stuck, cuda.on_look = True, engine.abort
    with pytest.raises(StepAborted):
        engine.step(all_rows())
    engine.reset(1)
    cuda.stuck, cuda.on_look = False, lambda: None
    after = stepped(engine, x[20:])
    alike([output[:, 1:2] for output in after], reference(x[20:, 1:2]))
    alike([output[:, :1] for output in after], [o[20:, :1] for o in reference(x)])


def test_what_tensorrt_cannot_capture_is_refused(cuda: FakeCuda, kernels: ReferenceKernels) -> None:
    kernels.can_be_captured = False
    with pytest.raises(DeviceError, match="CUDA graph"):
        TensorRtEngine(cuda, kernels, LAYOUT)
    assert "begin_capture" not in cuda.calls


def test_a_capture_that_fails_is_ended(cuda: FakeCuda, kernels: ReferenceKernels) -> None:
    begin = cuda.begin_capture

    def begin_and_break(stream: int) -> None:
        begin(stream)
        cuda.failing["enqueue"] = 1

    cuda.begin_capture = begin_and_break  # type: ignore[method-assign]
    with pytest.raises(EngineError, match="TensorRT failed"):
        TensorRtEngine(cuda, kernels, LAYOUT)
    assert cuda.calls[-1] == "end_capture"


@pytest.mark.parametrize("call", ["stream", "event", "pinned", "memory", "end_capture"])
def test_a_set_up_that_fails_is_told(cuda: FakeCuda, kernels: ReferenceKernels, call: str) -> None:
    cuda.failing[call] = 1
    with pytest.raises(DeviceError, match=call):
        TensorRtEngine(cuda, kernels, LAYOUT)


def test_closing_frees_everything_and_says_so_afterwards(
    engine: TensorRtEngine, cuda: FakeCuda, kernels: ReferenceKernels
) -> None:
    engine.close()
    engine.close()
    assert kernels.closed
    assert cuda.closed
    with pytest.raises(EngineError, match="closed"):
        engine.step(all_rows())
    assert engine.outputs[0].shape[0] == STREAMS


def test_closing_waits_for_a_tick_that_is_late(
    engine: TensorRtEngine, cuda: FakeCuda, kernels: ReferenceKernels
) -> None:
    cuda.stuck, cuda.on_look = True, engine.abort
    with pytest.raises(StepAborted):
        engine.step(all_rows())
    cuda.calls.clear()
    engine.close()
    assert cuda.calls == ["synchronize"]
