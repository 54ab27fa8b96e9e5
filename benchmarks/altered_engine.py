"""The engine's command line with what a benchmark exchanges: the pose network, settings."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any
from unittest import mock

import cv2

import run_stream
from benchmarks.recorded_pose import RecordedPose
from engine import registry
from engine.commands import run
from engine.runtime import interpreter

SHIPPED = "shipped"
SETTINGS: dict[str, Callable[[], object]] = {
    SHIPPED: lambda: None,
    "nothing": lambda: None,
    "switch 1 ms": partial(sys.setswitchinterval, 0.001),
    "switch 0.2 ms": partial(sys.setswitchinterval, 0.0002),
    "one OpenCV thread": partial(cv2.setNumThreads, 1),
}
"""Name to what is done before the run; with all but the first the collector is left as it is."""


def main() -> int:
    """As `run_stream.main`, with `--pose recorded` beside the shipped ones."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--settings", choices=SETTINGS, default=SHIPPED)
    own, arguments = parser.parse_known_args()
    SETTINGS[own.settings]()
    settled = interpreter.settled if own.settings == SHIPPED else nullcontext
    with _recorded_pose(), mock.patch.object(run, "settled", settled):
        return run_stream.main(arguments)


@contextmanager
def _recorded_pose() -> Iterator[None]:
    shipped = registry.plugin_class

    def find(kind: str, name: str) -> Any:
        return RecordedPose if (kind, name) == ("pose", "recorded") else shipped(kind, name)

    with mock.patch.object(registry, "plugin_class", find):
        yield


if __name__ == "__main__":
    sys.exit(main())
