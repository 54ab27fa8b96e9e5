"""A pose estimator without a network."""

import threading

from msgspec import Struct

from engine.frames import Frame
from engine.poses import PoseSample
from engine.skeletons import HOLISTIC_75, HOLISTIC_97
from tests.fakes.samples import upright, with_face


class UprightPose:
    """Sees an upright person in every frame; can be held up or made to fail."""

    class Config(Struct, frozen=True):
        pass

    skeleton = HOLISTIC_75.name
    efforts: tuple[str, ...] = ("full", "less", "least")
    live_effort = 0

    def __init__(self, config: Config | None = None) -> None:
        self.effort = 0
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.fail_with: BaseException | None = None
        self.resets = 0

    def warm_up(self) -> None:
        pass

    def step(self, frame: Frame, seq: int) -> PoseSample:
        self.entered.set()
        assert self.gate.wait(10)
        if self.fail_with is not None:
            raise self.fail_with
        return upright(frame.capture_ns / 1e9, seq=seq, epoch=frame.epoch)

    def set_effort(self, effort: int) -> None:
        self.effort = effort

    def reset(self) -> None:
        self.resets += 1

    def close(self) -> None:
        pass


class FacePose(UprightPose):
    """Sees the person's face too."""

    skeleton = HOLISTIC_97.name

    def step(self, frame: Frame, seq: int) -> PoseSample:
        return with_face(super().step(frame, seq))
