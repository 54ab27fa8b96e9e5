"""A garbage collection while TensorRT logs, in a process that may hang."""

import subprocess
import sys
from pathlib import Path

from tests.backends.tensorrt import needs

ROOT = Path(__file__).parents[3]
SCRIPT = """
import gc

from plugins.backends.tensorrt import shim
from plugins.backends.tensorrt.builder import StepNetwork, build_plan
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL

trt, graph, plain = shim.load(), read_model(SHIPPED_MODEL).graph, shim.TensorRt.log


def collecting(self):
    log = plain(self)

    class Collecting(type(log)):
        def log(self, severity, message):
            gc.set_threshold(1, 1, 1)
            print("logged", [[] for _ in range(9)])

    return Collecting()


gc.disable()
left = StepNetwork(trt, graph, 1)
left.itself = left
del left
shim.TensorRt.log = collecting
gc.enable()
assert build_plan(trt, graph, 1)
"""


def test_a_collection_that_frees_a_builder_does_not_hang_the_next_one() -> None:
    needs.builder()
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "logged" in ran.stdout
