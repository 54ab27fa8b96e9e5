"""The engine's command line with what a benchmark exchanges: the pose network, settings."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from unittest import mock

import cv2

import run_stream
from benchmarks.recorded_pose import RecordedPose
from engine import registry
from engine.commands import run
from engine.runtime.interpreter import SWITCH_INTERVAL_S, steady

SETTINGS: dict[str, dict[str, Any]] = {
    "nothing": {"freeze": False, "switch_interval_s": None},
    "freeze": {"freeze": True, "switch_interval_s": None},
    "switch 1 ms": {"freeze": False, "switch_interval_s": 0.001},
    "switch 0.2 ms": {"freeze": False, "switch_interval_s": 0.0002},
    "one OpenCV thread": {"freeze": False, "switch_interval_s": None},
    "shipped": {"freeze": True, "switch_interval_s": SWITCH_INTERVAL_S},
}
"""Name to arguments of `steady`."""


def main() -> int:
    """As `run_stream.main`, with `--pose recorded` beside the shipped ones."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--settings", choices=SETTINGS, default="shipped")
    own, arguments = parser.parse_known_args()
    with _recorded_pose(), _settings(own.settings):
        return run_stream.main(arguments)


@contextmanager
def _recorded_pose() -> Iterator[None]:
    shipped = registry.plugin_class

    def find(kind: str, name: str) -> Any:
        return RecordedPose if (kind, name) == ("pose", "recorded") else shipped(kind, name)

    with mock.patch.object(registry, "plugin_class", find):
        yield


@contextmanager
def _settings(name: str) -> Iterator[None]:
    if name == "one OpenCV thread":
        cv2.setNumThreads(1)
    with mock.patch.object(run, "steady", partial(steady, **SETTINGS[name])):
        yield


if __name__ == "__main__":
    sys.exit(main())
