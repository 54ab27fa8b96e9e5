"""Running networks in tests: the reference backend in this process, and no more."""

from engine.backends import BackendStatus, GraphRunner
from engine.serving.engine_group import EngineGroup
from engine.step_graph import StepGraph
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig


class Unwatched(EngineGroup):
    """Keeps `GraphRunner`; starts no thread, so that a test need not close it."""

    backend = BackendStatus("onnxruntime", "the reference")
    late = None


def run_graph(graph: StepGraph) -> GraphRunner:
    return Unwatched(OnnxRuntimeBackend(OnnxRuntimeConfig()), graph)
