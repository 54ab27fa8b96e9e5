"""Lanes: the processor always, the GPU where there is one."""

from collections.abc import Callable, Iterator

import pytest
import torch

from plugins.backends.torch_cuda.lanes import CudaLane, Lane, Wait
from tests.backends.torch_cuda.cpu_lane import CpuLane

MakeLane = Callable[[], Lane]


def cuda_lane(wait: Wait = "spin") -> CudaLane:
    if not torch.cuda.is_available():
        pytest.skip(
            "NO GPU: torch sees none here. Capture and replay are not tested; run "
            "`pytest -m gpu` on a machine with one."
        )
    return CudaLane(wait)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Several that wait for each other are many times slower where other work takes a core."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(params=["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])
def lane(request: pytest.FixtureRequest) -> MakeLane:
    """Makes lanes of one kind; skips loudly where the device is missing."""
    if request.param == "cpu":
        return CpuLane
    cuda_lane()
    return cuda_lane
