"""A step leaves nothing behind: a session lasts for days."""

import gc
import tracemalloc

import numpy as np

from engine.serving.plain import plainly
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from plugins.recognizers.graph.recognizer import GraphConfig, GraphRecognizer

STEPS = 2000


def test_steps_leave_nothing_behind() -> None:
    run_graph = plainly("onnxruntime", OnnxRuntimeBackend(OnnxRuntimeConfig()))
    model = GraphRecognizer(GraphConfig(), None, run_graph)
    x = np.random.default_rng(0).random((3, 75, 4)).astype(np.float32)
    try:
        model.reserve(3)
        for _ in range(200):
            model.step(x)
        gc.collect()
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(STEPS):
            model.step(x)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        model.close()
    assert after - before < 8 * STEPS  # bytes: not even a pointer for each step
