"""The engine: its arithmetic and its memory, on the processor and, where there is one, on a GPU."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from engine.errors import EngineError
from plugins.backends.torch_cuda.engine import TorchEngine
from plugins.backends.torch_cuda.lanes import Lane
from plugins.backends.torch_cuda.precision import Precision, arithmetic
from tests.backends.torch_cuda.conftest import MakeLane, cuda_lane
from tests.backends.torch_cuda.cpu_lane import CpuLane
from tests.contract.test_backends import GRAPH, TOLERANCE, alike, reference, stepped, ticks

# Largest difference of a logit; the logits of the random ticks reach 20.
ROUGH: dict[Precision, float] = {"tf32": 0.1, "fp16": 0.1, "bf16": 0.5}


@pytest.fixture
def engine(lane: MakeLane) -> Iterator[TorchEngine]:
    made = TorchEngine(GRAPH, 3, lane(), "fp32")
    yield made
    made.close()


class Faulty:
    """A lane that breaks when it is told to, at the worst moment: the tick has run to its end."""

    def __init__(self, inner: Lane) -> None:
        self.device = inner.device
        self.active = inner.active
        self.shared = inner.shared
        self.prepare = inner.prepare
        self.close = inner.close
        self.fault: BaseException | None = None
        self._inner = inner

    def run(self, which: int) -> None:
        self._inner.run(which)
        if self.fault is not None:
            raise self.fault


@pytest.mark.parametrize("streams", [1, 3, 8])
def test_it_agrees_with_the_reference(lane: MakeLane, streams: int) -> None:
    x = ticks(streams)
    alike(stepped(TorchEngine(GRAPH, streams, lane(), "fp32"), x), reference(x))


@pytest.mark.parametrize("precision", ROUGH)
def test_it_roughly_agrees_in_other_precisions(lane: MakeLane, precision: Precision) -> None:
    x = ticks(3)
    given, expected = stepped(TorchEngine(GRAPH, 3, lane(), precision), x), reference(x)
    for one, other in zip(given, expected, strict=True):
        assert one.dtype == np.float32
        np.testing.assert_allclose(one, other, atol=ROUGH[precision])


@pytest.mark.parametrize("precision", ["fp16", "bf16"])
def test_a_coarser_precision_is_really_used(precision: Precision) -> None:
    x = ticks(1)
    given, expected = stepped(TorchEngine(GRAPH, 1, CpuLane(), precision), x), reference(x)
    assert np.abs(given[0] - expected[0]).max() > 10 * TOLERANCE


def test_idle_streams_keep_their_memory(engine: TorchEngine) -> None:
    x = ticks(3)
    expected = reference(x)
    position = np.zeros(3, np.intp)
    for turn in range(150):
        active = np.array([True, turn % 2 == 0, turn % 3 == 0])
        engine.x[:] = x[position, range(3)]
        engine.step(active)
        for output, told in zip(engine.outputs, expected, strict=True):
            seen = told[position, range(3)]
            np.testing.assert_allclose(output[active], seen[active], atol=TOLERANCE)
        position += active


def test_reset_forgets_one_stream_only(engine: TorchEngine) -> None:
    x = ticks(3)
    stepped(engine, x[:51])  # an odd number: either set of memory is in turn
    engine.reset(1)
    after = stepped(engine, x[51:100])
    expected = [output[51:100] for output in reference(x)]
    for stream in (0, 2):
        alike([o[:, [stream]] for o in after], [o[:, [stream]] for o in expected])
    alike([o[:, [1]] for o in after], reference(x[51:100, [1]]))


def test_two_engines_do_not_share_anything(lane: MakeLane) -> None:
    x = ticks(1)
    one, other = (TorchEngine(GRAPH, 1, lane(), "fp32") for _ in range(2))
    stepped(other, x[:30] + 1)
    alike(stepped(one, x[:30]), reference(x[:30]))


@pytest.mark.parametrize("fault", [RuntimeError("CUDA error: unspecified"), KeyboardInterrupt()])
def test_a_step_that_raised_has_changed_nothing(lane: MakeLane, fault: BaseException) -> None:
    """Every third tick breaks at first and is tried again."""
    faulty = Faulty(lane())
    engine = TorchEngine(GRAPH, 1, faulty, "fp32")
    x, active = ticks(1)[:50], np.ones(1, np.bool_)
    for number, tick in enumerate(x):
        engine.x[:] = tick
        if number % 3 == 0:
            faulty.fault = fault
            with pytest.raises((EngineError, KeyboardInterrupt)):
                engine.step(active)
            faulty.fault = None
        engine.step(active)
    alike([o[None] for o in engine.outputs], [o[-1:] for o in reference(x)])


def test_a_reset_after_a_step_that_raised_counts(lane: MakeLane) -> None:
    faulty = Faulty(lane())
    engine = TorchEngine(GRAPH, 1, faulty, "fp32")
    x = ticks(1)
    stepped(engine, x[:20])
    faulty.fault = RuntimeError("broke")
    with pytest.raises(EngineError):
        engine.step(np.ones(1, np.bool_))
    faulty.fault = None
    engine.reset(0)
    alike(stepped(engine, x[20:40]), reference(x[20:40]))


def test_what_broke_is_named() -> None:
    faulty = Faulty(CpuLane())
    engine = TorchEngine(GRAPH, 1, faulty, "fp32")
    faulty.fault = RuntimeError("CUDA error: an illegal memory access was encountered")
    with pytest.raises(EngineError, match=r"running .*default\.onnx: CUDA error: an illegal"):
        engine.step(np.ones(1, np.bool_))


def test_a_closed_engine_says_so(engine: TorchEngine) -> None:
    engine.close()
    engine.reset(0)
    with pytest.raises(EngineError, match="closed"):
        engine.step(np.ones(3, np.bool_))


def test_an_abort_does_no_harm(engine: TorchEngine) -> None:
    x = ticks(3)[:5]
    engine.abort()
    alike(stepped(engine, x), reference(x))


def test_arithmetic_leaves_the_switches_as_they_were() -> None:
    cuda, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = cuda.allow_tf32, cudnn.allow_tf32
    with arithmetic("fp32"):
        assert (cuda.allow_tf32, cudnn.allow_tf32) == (False, False)
    with arithmetic("tf32"):
        assert (cuda.allow_tf32, cudnn.allow_tf32) == (True, True)
    assert (cuda.allow_tf32, cudnn.allow_tf32) == before


@pytest.mark.gpu
def test_one_that_blocks_gives_the_same() -> None:
    lane = cuda_lane("block")
    x = ticks(1)
    alike(stepped(TorchEngine(GRAPH, 1, lane, "fp32"), x), reference(x))


@pytest.mark.gpu
def test_a_result_that_is_late_is_waited_for() -> None:
    lane = cuda_lane()
    engine = TorchEngine(GRAPH, 1, lane, "fp32")
    x = ticks(1)[:20]
    stepped(engine, x[:19])
    with lane.active():
        torch.cuda._sleep(100_000_000)  # type: ignore[no-untyped-call] # cycles, some 50 ms
    alike(stepped(engine, x[19:]), [output[19:] for output in reference(x)])
