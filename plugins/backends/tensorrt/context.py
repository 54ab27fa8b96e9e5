"""A plan brought onto the GPU, ready to be run on a stream."""

from collections.abc import Mapping
from typing import Any, Protocol

from engine.errors import DeviceError, EngineError
from plugins.backends.tensorrt.layout import Layout
from plugins.backends.tensorrt.shim import TensorRt, last_complaint, uncollected


class Kernels(Protocol):
    """What a plan does on the GPU."""

    def enqueue(self, places: Mapping[str, int], stream: int) -> None:
        """Let a stream run one tick, from and to these places in the GPU's memory.

        Raises:
            EngineError: It cannot.
        """
        ...

    def capturable(self, stream: int) -> bool:
        """Whether that can become part of a CUDA graph."""
        ...

    def close(self) -> None:
        """Free it. Idempotent."""
        ...


class LoadedPlan:
    """`Kernels` of a plan. One thread at a time; the GPU is chosen before.

    Args:
        trt: The package that built it.
        plan: Its bytes; they are run as code.
        layout: What must go in and come out.

    Raises:
        DeviceError: It does not run on this GPU, or is not of this layout.
    """

    @uncollected()
    def __init__(self, trt: TensorRt, plan: bytes, layout: Layout) -> None:
        self._trt = trt
        self._log = trt.log()
        self._runtime = trt.api.Runtime(self._log)
        misfit = trt.misfit(self._runtime, plan)
        if misfit:
            raise DeviceError(misfit)
        self._engine = self._made(self._runtime.deserialize_cuda_engine(plan), "load the engine")
        self._check(layout)
        self._context = self._made(
            self._engine.create_execution_context(), "make room to run the engine"
        )

    def enqueue(self, places: Mapping[str, int], stream: int) -> None:
        """See `Kernels.enqueue`."""
        taken = all(self._context.set_tensor_address(name, at) for name, at in places.items())
        if not (taken and self._context.execute_async_v3(stream)):
            raise EngineError(
                f"{self._trt.package} cannot run the engine: {last_complaint(self._log)}"
            )

    def capturable(self, stream: int) -> bool:
        """See `Kernels.capturable`."""
        return self._trt.capturable(self._context, stream)

    def close(self) -> None:
        """See `Kernels.close`."""
        self._context = self._engine = self._runtime = None

    def _made(self, made: Any, doing: str) -> Any:
        if made is None:
            by = f"{self._trt.package} {self._trt.version}"
            raise DeviceError(f"{by} cannot {doing}: {last_complaint(self._log)}")
        return made

    def _check(self, layout: Layout) -> None:
        engine = self._engine
        names = [engine.get_tensor_name(index) for index in range(engine.num_io_tensors)]
        found = {name: tuple(engine.get_tensor_shape(name)) for name in names}
        expected = {n: t.shape for n, t in (layout.inputs | layout.results).items()}
        if found != expected:
            raise DeviceError(f"the engine has other tensors: expected {expected}; got {found}")
