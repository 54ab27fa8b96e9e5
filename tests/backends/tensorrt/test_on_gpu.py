"""What only a GPU can show; beside the suite of all backends. No GPU has run these yet."""

import gc
from pathlib import Path

import numpy as np
import pytest

from plugins.backends.tensorrt.backend import TensorRtBackend, TensorRtConfig
from plugins.backends.tensorrt.cuda import CudaRuntime
from tests.backends.tensorrt import needs
from tests.contract.test_backends import GRAPH, alike, reference, stepped, ticks

pytestmark = [pytest.mark.gpu, needs.gpu]


def test_an_engine_from_the_cache_is_as_good_as_one_just_built(tmp_path: Path) -> None:
    x = ticks(3)
    backend = TensorRtBackend(TensorRtConfig(cache_dir=str(tmp_path)))
    for built in (True, False):
        assert backend.build(GRAPH, 3).built == built
        engine = backend.open(GRAPH, 3)
        alike(stepped(engine, x), reference(x))
        engine.close()


@pytest.mark.parametrize("streams", [64, 1024])
def test_many_streams_agree_with_the_reference(tmp_path: Path, streams: int) -> None:
    x = np.repeat(ticks(8)[:60], streams // 8, axis=1)
    backend = TensorRtBackend(TensorRtConfig(cache_dir=str(tmp_path)))
    alike(stepped(backend.open(GRAPH, streams), x), reference(x))


def test_pinned_memory_outlives_its_runtime_and_goes_with_its_last_view() -> None:
    cuda = CudaRuntime()
    cuda.device()
    view = cuda.pinned(1 << 20)[:10]
    cuda.close()
    gc.collect()
    view[:] = 7
    assert view.sum() == 70
