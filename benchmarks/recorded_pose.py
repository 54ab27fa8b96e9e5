"""A pose stage that costs nothing: the shipped sample's poses, one a frame, round and round.

It stands in for the network when everything around the network is measured; the recogniser
behind it has real joints to work on.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

from msgspec import Struct

import run_stream
from engine import registry
from engine.frames import Frame
from engine.poses import PoseSample
from engine.skeletons import HOLISTIC_75
from engine.wire.recording import open_recording


class RecordedPose:
    """Gives recorded poses whatever the frames show.

    Args:
        config: See `Config`.
    """

    class Config(Struct, frozen=True, kw_only=True):
        """Options.

        Attributes:
            recording: Where the poses come from.
        """

        recording: str = str(run_stream.SAMPLE)

    skeleton = HOLISTIC_75.name
    efforts: tuple[str, ...] = ("full",)

    def __init__(self, config: Config) -> None:
        self._path = Path(config.recording)
        self._samples: list[PoseSample] = []

    def warm_up(self) -> None:
        """Read the recording."""
        self._samples = list(open_recording(self._path).pose_inputs())

    def step(self, frame: Frame, seq: int) -> PoseSample:
        """The next recorded pose, with the frame's identity."""
        sample = self._samples[seq % len(self._samples)]
        return replace(sample, capture_ns=frame.capture_ns, epoch=frame.epoch, seq=seq, pose_ms=0.0)

    def set_effort(self, effort: int) -> None:
        """There is only one."""

    def reset(self) -> None:
        """Nothing to forget."""

    def close(self) -> None:
        """Nothing to free."""


def main() -> int:
    """The command line of the engine, with `--pose recorded` beside the shipped ones."""
    shipped = registry.plugin_class

    def find(kind: str, name: str) -> Any:
        return RecordedPose if (kind, name) == ("pose", "recorded") else shipped(kind, name)

    with mock.patch.object(registry, "plugin_class", find):
        return run_stream.main()


if __name__ == "__main__":
    sys.exit(main())
