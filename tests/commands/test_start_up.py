"""`--help`, `--version` and a mistyped option answer at once: nothing heavy is loaded for them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = (
    *("numpy", "psutil", "zmq", "cv2", "av", "mcap", "mediapipe", "onnxruntime", "openvino"),
    "torch",
)


def test_the_command_line_alone_loads_nothing_heavy() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, run_stream; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(HEAVY) & set(told.stdout.split()) == set()
