"""A stand-in for the CUDA calls: work is noted and done later, as on a GPU."""

from collections.abc import Callable, Mapping

import numpy as np
import onnxruntime as ort

from engine.errors import DeviceError, EngineError
from engine.step_graph import INPUT, NEXT, STREAMS, StepGraph
from plugins.backends.onnxruntime_cpu import session_options
from plugins.backends.tensorrt.cuda import Bytes, Device
from plugins.backends.tensorrt.layout import ACTIVE, Layout, Tensor

Work = Callable[[], None]

GPU = Device("Card A", "9.0", 132, "13.0", "13.1 (580.1)")


class FakeCuda:
    """`Cuda` whose GPU is memory of the processor, full of NaN at first.

    What a stream is asked to do is done when somebody waits for it or asks for its event, in order,
    and not at all while it is `stuck`.

    Attributes:
        calls: Names of calls, in order; those of `Kernels` too.
        launched: Graphs that were launched, in order.
        zeroed: Places and sizes that were cleared.
        arrays: What was pinned, in order.
        failing: Names of calls that fail, to how often.
        stuck: Whether the GPU does nothing.
        on_look: Called when it is asked for an event.
        closed: How often it was closed.
    """

    def __init__(self, device: Device = GPU) -> None:
        self.calls: list[str] = []
        self.launched: list[int] = []
        self.zeroed: list[tuple[int, int]] = []
        self.arrays: list[Bytes] = []
        self.failing: dict[str, int] = {}
        self.stuck = False
        self.on_look: Work = lambda: None
        self.closed = 0
        self._device = device
        self._blocks: list[Bytes] = []
        self._todo: list[Work] = []
        self._captured: list[Work] | None = None
        self._graphs: list[list[Work]] = []
        self._happened = True

    def device(self) -> Device:
        self._called("device", DeviceError)
        return self._device

    def stream(self) -> int:
        self._called("stream", DeviceError)
        return 1

    def pinned(self, size: int) -> Bytes:
        self._called("pinned", DeviceError)
        self.arrays.append(np.full(size, 0xFF, np.uint8))
        return self.arrays[-1]

    def memory(self, size: int) -> int:
        self._called("memory", DeviceError)
        self._blocks.append(np.full(size, 0xFF, np.uint8))
        return int(self._blocks[-1].ctypes.data)

    def upload(self, source: Bytes, target: int, stream: int) -> None:
        self._called("upload")
        self.work(lambda: np.copyto(self.at(target, source.nbytes), source))

    def download(self, source: int, target: Bytes, stream: int) -> None:
        self._called("download")
        self.work(lambda: np.copyto(target, self.at(source, target.nbytes)))

    def zero(self, place: int, size: int, stream: int) -> None:
        self._called("zero")
        self.zeroed.append((place, size))
        self.work(lambda: self.at(place, size).fill(0))

    def synchronize(self, stream: int) -> None:
        self._called("synchronize")
        self._do()

    def begin_capture(self, stream: int) -> None:
        self._called("begin_capture", DeviceError)
        self._captured = []

    def end_capture(self, stream: int) -> int:
        self._called("end_capture", DeviceError)
        assert self._captured is not None
        self._graphs.append(self._captured)
        self._captured = None
        return len(self._graphs) - 1

    def launch(self, graph: int, stream: int) -> None:
        self._called("launch")
        self.launched.append(graph)
        self._todo.extend(self._graphs[graph])

    def event(self) -> int:
        self._called("event", DeviceError)
        return 1

    def record(self, event: int, stream: int) -> None:
        self._called("record")
        self._happened = False

        def happen() -> None:
            self._happened = True

        self._todo.append(happen)

    def happened(self, event: int) -> bool:
        self._called("happened")
        self.on_look()
        if not self.stuck:
            self._do()
        return self._happened

    def close(self) -> None:
        self.closed += 1

    def work(self, what: Work) -> None:
        """Let the stream do something, now or as part of a graph."""
        (self._todo if self._captured is None else self._captured).append(what)

    def at(self, place: int, size: int) -> Bytes:
        """Memory of the GPU; only what was asked for."""
        for block in self._blocks:
            offset = place - int(block.ctypes.data)
            if 0 <= offset < block.nbytes:
                assert offset + size <= block.nbytes, "beyond what was asked for"
                return block[offset : offset + size]
        raise AssertionError(f"{place} is no place in the GPU's memory")

    def _called(self, name: str, kind: type[DeviceError] = EngineError) -> None:
        self.calls.append(name)
        if self.failing.get(name, 0) > 0:
            self.failing[name] -= 1
            raise kind(f"CUDA failed in {name}")

    def _do(self) -> None:
        while self._todo:
            self._todo.pop(0)()


class ReferenceKernels:
    """`Kernels` that run a graph with onnxruntime, idle rows kept, in a `FakeCuda`.

    Attributes:
        can_be_captured: What `capturable` says.
        closed: Whether it was closed.
    """

    def __init__(self, cuda: FakeCuda, graph: StepGraph, layout: Layout) -> None:
        options = session_options()
        options.add_free_dimension_override_by_name(STREAMS, layout.streams)
        self._session = ort.InferenceSession(
            graph.onnx, options, providers=["CPUExecutionProvider"]
        )
        self._cuda = cuda
        self._layout = layout
        self.can_be_captured = True
        self.closed = False

    def enqueue(self, places: Mapping[str, int], stream: int) -> None:
        self._cuda.calls.append("enqueue")
        if self._cuda.failing.get("enqueue", 0):
            raise EngineError("TensorRT failed")
        mine = dict(places)
        self._cuda.work(lambda: self._run(mine))

    def capturable(self, stream: int) -> bool:
        return self.can_be_captured

    def close(self) -> None:
        self.closed = True

    def _run(self, places: Mapping[str, int]) -> None:
        tensors = self._layout.inputs | self._layout.results
        arrays = {name: self._array(tensor, places[name]) for name, tensor in tensors.items()}
        states = [state.name for state in self._layout.states]
        given = {name: arrays[name] for name in (INPUT, *states)}
        names = list(self._layout.results)
        told = dict(zip(names, self._session.run(names, given), strict=True))
        active = arrays[ACTIVE]
        for state in states:
            spread = active.reshape(-1, *[1] * (arrays[state].ndim - 1))
            told[NEXT + state] = np.where(spread, told[NEXT + state], arrays[state])
        for name, values in told.items():
            arrays[name][:] = values

    def _array(self, tensor: Tensor, place: int) -> np.ndarray:  # type: ignore[type-arg]
        return self._cuda.at(place, tensor.size).view(tensor.dtype).reshape(tensor.shape)
