"""A pose stage that costs nothing: the shipped sample's poses, one a frame, round and round.

It stands in for the network when everything around the network is measured; the recogniser
behind it has real joints to work on.
"""

from dataclasses import replace
from pathlib import Path

from msgspec import Struct

import run_stream
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
