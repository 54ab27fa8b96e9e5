"""The few calls of CUDA that an engine needs, and NVIDIA's Python binding behind them."""

import ctypes
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from engine.errors import DeviceError, EngineError

Bytes = npt.NDArray[np.uint8]
CallT = TypeVar("CallT")

# Where Linux says which driver is loaded; CUDA itself only knows what it is made for.
_DRIVER_VERSION = Path("/sys/module/nvidia/version")

_ADVICE = {
    "cudaErrorInsufficientDriver": "install or update NVIDIA's driver",
    "cudaErrorNoDevice": "no GPU is visible: see nvidia-smi and CUDA_VISIBLE_DEVICES",
    "cudaErrorMemoryAllocation": "its memory is full: end what else uses it, see nvidia-smi",
    "cudaErrorSystemDriverMismatch": "restart the machine after the update of its driver",
}


@dataclass(frozen=True)
class Device:
    """A GPU and what drives it.

    Attributes:
        name: As NVIDIA calls it.
        compute_capability: As `9.0`.
        multiprocessors: How many it has.
        runtime: Version of the CUDA runtime.
        driver: Version of CUDA that the driver is made for, with the driver's own where known.
    """

    name: str
    compute_capability: str
    multiprocessors: int
    runtime: str
    driver: str


class Cuda(Protocol):
    """What an engine asks of the first visible GPU.

    Streams, events, graphs and places in its memory are numbers. Calls with a stream return before
    the GPU has done what they ask for, and so an error may be of a call before.
    Set-up raises `DeviceError`; what is called at each tick raises `EngineError`.
    """

    def device(self) -> Device:
        """Choose the first visible GPU and tell what it is; before anything else."""
        ...

    def stream(self) -> int:
        """A new stream of the highest priority, apart from the default one."""
        ...

    def pinned(self, size: int) -> Bytes:
        """Memory of the processor that the GPU can reach; there for as long as the array is."""
        ...

    def memory(self, size: int) -> int:
        """Memory of the GPU, in bytes; what it holds is anything."""
        ...

    def upload(self, source: Bytes, target: int, stream: int) -> None:
        """Copy an array, of any type, to the GPU."""
        ...

    def download(self, source: int, target: Bytes, stream: int) -> None:
        """Copy from the GPU until the array is full."""
        ...

    def zero(self, place: int, size: int, stream: int) -> None:
        """Set bytes to 0."""
        ...

    def synchronize(self, stream: int) -> None:
        """Return once all is done."""
        ...

    def begin_capture(self, stream: int) -> None:
        """From here on note what the stream is asked to do instead of doing it."""
        ...

    def end_capture(self, stream: int) -> int:
        """A graph of what was noted, ready to be launched."""
        ...

    def launch(self, graph: int, stream: int) -> None:
        """Do it all. If this raises, none of it was begun."""
        ...

    def event(self) -> int:
        """Something to be recorded in a stream."""
        ...

    def record(self, event: int, stream: int) -> None:
        """Let the event happen when all before it is done."""
        ...

    def happened(self, event: int) -> bool:
        """Whether what was recorded last has happened; does not wait."""
        ...

    def close(self) -> None:
        """Give back all but pinned memory; may wait for what is running. Idempotent."""
        ...


class CudaRuntime:
    """`Cuda` on `cuda.bindings.runtime`. One thread at a time.

    Raises:
        DeviceError: The binding is missing.
    """

    def __init__(self) -> None:
        try:
            from cuda.bindings import runtime
        except (ImportError, OSError, RuntimeError) as error:
            raise DeviceError(f"cuda-bindings cannot be imported: {error}") from error
        self._rt: Any = runtime
        self._owned: list[Callable[[], object]] = []

    def device(self) -> Device:
        """See `Cuda.device`."""
        rt = self._rt
        if not self._set_up("looking for GPUs", rt.cudaGetDeviceCount()):
            raise DeviceError(f"no GPU was found: {_ADVICE['cudaErrorNoDevice']}")
        self._set_up("choosing the GPU", rt.cudaSetDevice(0))
        about = self._set_up("asking what the GPU is", rt.cudaGetDeviceProperties(0))
        runtime = self._set_up("asking for its version", rt.cudaRuntimeGetVersion())
        driver = self._set_up("asking for the driver's version", rt.cudaDriverGetVersion())
        return Device(
            name=about.name.decode(errors="replace").rstrip("\0"),
            compute_capability=f"{about.major}.{about.minor}",
            multiprocessors=int(about.multiProcessorCount),
            runtime=_version(runtime),
            driver=_version(driver) + _own_version(),
        )

    def stream(self) -> int:
        """See `Cuda.stream`."""
        rt = self._rt
        _, greatest = self._set_up("asking for priorities", rt.cudaDeviceGetStreamPriorityRange())
        kind = rt.cudaStreamNonBlocking  # else it would wait for whatever uses the default one
        made = int(self._set_up("making a stream", rt.cudaStreamCreateWithPriority(kind, greatest)))
        self._owned.append(lambda: rt.cudaStreamDestroy(made))
        return made

    def pinned(self, size: int) -> Bytes:
        """See `Cuda.pinned`."""
        rt = self._rt
        place = int(self._set_up(f"pinning {size} bytes", rt.cudaMallocHost(size)))
        whole = (ctypes.c_uint8 * size).from_address(place)
        # Whoever still holds a view of it must not find it gone: it goes with the last of them.
        weakref.finalize(whole, rt.cudaFreeHost, place).atexit = False
        return np.frombuffer(memoryview(whole), np.uint8)

    def memory(self, size: int) -> int:
        """See `Cuda.memory`."""
        rt = self._rt
        place = int(self._set_up(f"allocating {size} bytes on the GPU", rt.cudaMalloc(size)))
        self._owned.append(lambda: rt.cudaFree(place))
        return place

    def upload(self, source: Bytes, target: int, stream: int) -> None:
        """See `Cuda.upload`."""
        rt = self._rt
        kind = rt.cudaMemcpyKind.cudaMemcpyHostToDevice
        copied = rt.cudaMemcpyAsync(target, source.ctypes.data, source.nbytes, kind, stream)
        self._at_work("copying to the GPU", copied)

    def download(self, source: int, target: Bytes, stream: int) -> None:
        """See `Cuda.download`."""
        rt = self._rt
        kind = rt.cudaMemcpyKind.cudaMemcpyDeviceToHost
        copied = rt.cudaMemcpyAsync(target.ctypes.data, source, target.nbytes, kind, stream)
        self._at_work("copying from the GPU", copied)

    def zero(self, place: int, size: int, stream: int) -> None:
        """See `Cuda.zero`."""
        self._at_work("clearing memory", self._rt.cudaMemsetAsync(place, 0, size, stream))

    def synchronize(self, stream: int) -> None:
        """See `Cuda.synchronize`."""
        self._at_work("waiting for the GPU", self._rt.cudaStreamSynchronize(stream))

    def begin_capture(self, stream: int) -> None:
        """See `Cuda.begin_capture`."""
        rt = self._rt
        # Other threads may use CUDA meanwhile.
        mode = rt.cudaStreamCaptureMode.cudaStreamCaptureModeThreadLocal
        self._set_up("beginning a graph", rt.cudaStreamBeginCapture(stream, mode))

    def end_capture(self, stream: int) -> int:
        """See `Cuda.end_capture`."""
        rt = self._rt
        graph = self._set_up("ending a graph", rt.cudaStreamEndCapture(stream))
        try:
            ready = int(self._set_up("making a graph ready", rt.cudaGraphInstantiate(graph, 0)))
        finally:
            rt.cudaGraphDestroy(graph)
        self._owned.append(lambda: rt.cudaGraphExecDestroy(ready))
        self._set_up("bringing a graph to the GPU", rt.cudaGraphUpload(ready, stream))
        return ready

    def launch(self, graph: int, stream: int) -> None:
        """See `Cuda.launch`."""
        self._at_work("launching a step", self._rt.cudaGraphLaunch(graph, stream))

    def event(self) -> int:
        """See `Cuda.event`."""
        rt = self._rt
        kind = rt.cudaEventDisableTiming  # makes it cheaper
        made = int(self._set_up("making an event", rt.cudaEventCreateWithFlags(kind)))
        self._owned.append(lambda: rt.cudaEventDestroy(made))
        return made

    def record(self, event: int, stream: int) -> None:
        """See `Cuda.record`."""
        self._at_work("recording an event", self._rt.cudaEventRecord(event, stream))

    def happened(self, event: int) -> bool:
        """See `Cuda.happened`."""
        answer = self._rt.cudaEventQuery(event)
        if answer[0] == self._rt.cudaError_t.cudaErrorNotReady:
            return False
        self._at_work("running a step", answer)
        return True

    def close(self) -> None:
        """See `Cuda.close`."""
        while self._owned:
            self._owned.pop()()

    def _set_up(self, doing: str, answer: tuple[Any, ...]) -> Any:
        return self._checked(doing, answer, DeviceError)

    def _at_work(self, doing: str, answer: tuple[Any, ...]) -> Any:
        return self._checked(doing, answer, EngineError)

    def _checked(self, doing: str, answer: tuple[Any, ...], kind: type[DeviceError]) -> Any:
        error, *values = answer
        if error != self._rt.cudaError_t.cudaSuccess:
            raise kind(self._words(doing, error))
        return values[0] if len(values) == 1 else values

    def _words(self, doing: str, error: Any) -> str:
        meaning = ""
        with suppress(Exception):  # a code newer than the binding has no words
            meaning = self._rt.cudaGetErrorString(error)[1].decode()
        advice = _ADVICE.get(error.name)
        told = f"CUDA failed while {doing}: {error.name}: {meaning}"
        return f"{told}; {advice}" if advice else told


def _version(number: int) -> str:
    return f"{number // 1000}.{number % 1000 // 10}"


def _own_version() -> str:
    try:
        return f" ({_DRIVER_VERSION.read_text().strip()})"
    except OSError:
        return ""
