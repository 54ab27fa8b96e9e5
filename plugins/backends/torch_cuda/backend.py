"""torch on an NVIDIA GPU; nothing of it is imported before an engine is wanted."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from engine.errors import DeviceError
from engine.step_graph import StepGraph
from plugins.backends.nvidia import driver_trouble

if TYPE_CHECKING:
    from plugins.backends.torch_cuda.engine import TorchEngine

_INSTALL = "pip install 'fidget[torch-cuda]'"


class TorchCudaConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Options.

    Attributes:
        precision: Of arithmetic and memory. Only `fp32` is as exact as the processor.
        wait: `spin` has the result soonest and keeps a core busy meanwhile; `block` sleeps until
            the driver wakes it, for machines with few cores.
    """

    precision: Literal["fp32", "tf32", "fp16", "bf16"] = "fp32"
    wait: Literal["spin", "block"] = "spin"


class TorchCudaBackend:
    """Runs a graph on a GPU as one captured CUDA graph a tick.

    Args:
        config: Options.
    """

    Config = TorchCudaConfig
    accelerator = True

    def __init__(self, config: TorchCudaConfig) -> None:
        self._config = config

    def refusal(self) -> str:
        """See `Backend.refusal`."""
        for package in ("torch", "onnx"):
            if find_spec(package) is None:
                return f"{package} is not installed: {_INSTALL}"
        if _torch_version().endswith("+cpu"):
            return (
                f"torch {_torch_version()} is built without CUDA: install one of torch's builds "
                "with CUDA in its place"
            )
        return driver_trouble()

    def open(self, graph: StepGraph, streams: int) -> "TorchEngine":
        """See `Backend.open`."""
        if self.refusal():
            raise DeviceError(f"torch-cuda cannot run {graph.name}: {self.refusal()}")
        try:
            import torch
        except (ImportError, OSError) as error:  # a library of CUDA that is missing or too new
            raise DeviceError(f"torch cannot be imported, install it again: {error}") from error
        if not torch.cuda.is_available():
            raise DeviceError(
                f"torch-cuda cannot run {graph.name}: torch {torch.__version__} sees no GPU that "
                "it can use; compare its CUDA version with the driver's (nvidia-smi)"
            )
        return self._made(graph, streams)

    def _made(self, graph: StepGraph, streams: int) -> "TorchEngine":
        from plugins.backends.torch_cuda.engine import TorchEngine
        from plugins.backends.torch_cuda.lanes import CudaLane
        from plugins.backends.torch_cuda.program import check

        check(graph)
        try:
            lane = CudaLane(self._config.wait)
            return TorchEngine(graph, streams, lane, self._config.precision)
        except RuntimeError as error:  # out of memory is one, too
            raise DeviceError(
                f"torch could not make {graph.name} ready for {streams} streams on the GPU: {error}"
            ) from error


def _torch_version() -> str:
    try:
        return version("torch")
    except PackageNotFoundError:
        return ""
