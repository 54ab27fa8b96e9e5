"""onnxruntime on the processor: the reference that every other backend is compared with."""

from collections.abc import Callable
from typing import Any

import numpy as np
import onnxruntime as ort
from msgspec import Struct

from engine.errors import EngineError, ModelError, StepAborted
from engine.step_graph import STREAMS, StepGraph
from plugins.backends.bfloat16 import runnable
from plugins.backends.blocks import Arrays, BlockEngine
from plugins.backends.threads import Threads, thread_choices

# It makes a Gemm of product and sum, for which onnxruntime 1.32 has no arithmetic in eight bits: it
# would take the weights out of quantisation again at every step, for half of the time of a step.
_HARMFUL_TO_INT8 = ("MatMulAddFusion",)


class OnnxRuntimeConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Options.

    Attributes:
        threads: That work on a step. The other stages need cores, too.
    """

    threads: Threads = 1


class OnnxRuntimeBackend:
    """Runs a graph, bit by bit the same each time.

    Args:
        config: Options.
    """

    Config = OnnxRuntimeConfig
    accelerator = False

    def __init__(self, config: OnnxRuntimeConfig) -> None:
        self._config = config

    def refusal(self) -> str:
        """See `Backend.refusal`: it is always there."""
        return ""

    def open(self, graph: StepGraph, streams: int) -> BlockEngine:
        """See `Backend.open`."""
        return BlockEngine(_Runtime(graph, self._config.threads), graph, streams)

    def choices(self, cores: int) -> tuple[dict[str, Any], ...]:
        """See `Tunable.choices`."""
        return thread_choices(cores)


def session_options(threads: int = 1) -> ort.SessionOptions:
    """How the runtime is used: threads sleep when idle, as other stages need cores."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4  # what matters is raised, too; an abort is no error
    return options


class _Runtime:
    """A session for each number of streams in a block."""

    def __init__(self, graph: StepGraph, threads: int) -> None:
        self._graph = graph
        self._threads = threads
        self._onnx = runnable(graph.onnx, graph.precision, graph.name)
        self._sessions: dict[int, ort.InferenceSession] = {}
        self._options = ort.RunOptions()
        self._options.log_severity_level = 4
        # Its default. While it is not set, onnxruntime 1.32 catches an exception of its own at each
        # run to find that out: 0.03 ms of a step of 0.08.
        self._options.add_run_config_entry("gpu_graph_id", "0")

    def bind(self, streams: int, inputs: Arrays, outputs: Arrays) -> Callable[[], None]:
        """See `BlockRuntime.bind`."""
        session = self._session(streams)
        binding = session.io_binding()
        for bind, arrays in ((binding.bind_input, inputs), (binding.bind_output, outputs)):
            for name, array in arrays.items():
                bind(name, "cpu", 0, np.float32, array.shape, array.ctypes.data)

        def run() -> None:
            self._options.terminate = False
            try:
                session.run_with_iobinding(binding, self._options)
            except Exception as error:  # the runtime has no common error class
                raise self._meant(error) from error

        return run

    def abort(self) -> None:
        """See `BlockRuntime.abort`."""
        self._options.terminate = True

    def close(self) -> None:
        """See `BlockRuntime.close`."""
        self._sessions = {}

    def _meant(self, error: Exception) -> Exception:
        if self._options.terminate:
            return StepAborted(str(error))
        return EngineError(f"onnxruntime broke while running {self._graph.name}: {error}")

    def _session(self, streams: int) -> Any:
        if streams not in self._sessions:
            options = session_options(self._threads)
            options.add_free_dimension_override_by_name(STREAMS, streams)
            harmful = _HARMFUL_TO_INT8 if self._graph.precision == "int8" else ()
            try:
                self._sessions[streams] = ort.InferenceSession(
                    self._onnx,
                    options,
                    providers=["CPUExecutionProvider"],
                    disabled_optimizers=harmful,
                )
            except Exception as error:  # the runtime has no common error class
                raise ModelError(f"{self._graph.name}: cannot be run: {error}") from error
        return self._sessions[streams]
