"""OpenVINO on the processor: one inference at a time, its precision chosen, never inherited."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Literal

from msgspec import Struct

from engine.errors import EngineError, ModelError, StepAborted
from engine.step_graph import StepGraph
from plugins.backends.blocks import Arrays, BlockEngine
from plugins.backends.threads import Threads, thread_choices


class OpenVinoConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Options.

    Attributes:
        precision: Of the arithmetic. Left to itself OpenVINO takes bf16 where the processor
            has it, without saying so.
        threads: That work on a step. The other stages need cores, too.
    """

    precision: Literal["f32", "bf16"] = "f32"
    threads: Threads = 1


class OpenVinoBackend:
    """Runs a graph.

    Args:
        config: Options.
    """

    Config = OpenVinoConfig
    accelerator = False

    def __init__(self, config: OpenVinoConfig) -> None:
        self._config = config

    def refusal(self) -> str:
        """See `Backend.refusal`."""
        if find_spec("openvino") is None:
            return "openvino is not installed: pip install openvino"
        return ""

    def open(self, graph: StepGraph, streams: int) -> BlockEngine:
        """See `Backend.open`."""
        return BlockEngine(_Runtime(graph, self._config), graph, streams)

    def choices(self, cores: int) -> tuple[dict[str, Any], ...]:
        """See `Tunable.choices`."""
        return thread_choices(cores)


class _Runtime:
    """A compiled model for each number of streams in a block."""

    def __init__(self, graph: StepGraph, config: OpenVinoConfig) -> None:
        import openvino

        self._ov = openvino
        self._core = openvino.Core()
        self._graph = graph
        self._properties = {
            "PERFORMANCE_HINT": "LATENCY",
            "NUM_STREAMS": "1",
            "INFERENCE_NUM_THREADS": str(config.threads),
            "INFERENCE_PRECISION_HINT": config.precision,
            # Two processes that pin themselves may choose the same core.
            "ENABLE_CPU_PINNING": "NO",
        }
        self._compiled: dict[int, Any] = {}
        self._running: Any = None
        self._aborted = False

    def bind(self, streams: int, inputs: Arrays, outputs: Arrays) -> Callable[[], None]:
        """See `BlockRuntime.bind`."""
        request = self._model(streams).create_infer_request()
        for name, array in inputs.items():
            request.set_tensor(name, self._ov.Tensor(array, shared_memory=True))
        for name, array in outputs.items():
            request.set_tensor(name, self._ov.Tensor(array, shared_memory=True))

        def run() -> None:
            self._aborted, self._running = False, request
            try:
                request.start_async()
                request.wait()
            except Exception as error:  # the runtime has no common error class
                raise self._meant(error) from error

        return run

    def abort(self) -> None:
        """See `BlockRuntime.abort`."""
        running = self._running
        if running is not None:
            self._aborted = True
            running.cancel()

    def close(self) -> None:
        """See `BlockRuntime.close`."""
        self._compiled = {}
        self._running = None

    def _meant(self, error: Exception) -> Exception:
        if self._aborted:
            return StepAborted(str(error))
        return EngineError(f"OpenVINO broke while running {self._graph.name}: {error}")

    def _model(self, streams: int) -> Any:
        if streams not in self._compiled:
            try:
                model = self._core.read_model(self._graph.onnx)
                fixed = {
                    port.get_any_name(): [streams, *list(port.partial_shape)[1:]]
                    for port in model.inputs
                }
                model.reshape(fixed)
                self._compiled[streams] = self._core.compile_model(model, "CPU", self._properties)
            except Exception as error:  # the runtime has no common error class
                raise ModelError(f"{self._graph.name}: cannot be run: {error}") from error
        return self._compiled[streams]
