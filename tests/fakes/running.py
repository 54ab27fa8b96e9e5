"""Running networks in tests: the reference backend, in this process."""

from engine.serving.plain import plainly
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig

run_graph = plainly("onnxruntime", OnnxRuntimeBackend(OnnxRuntimeConfig()))
