"""A pose plugin that tracks several people, who come and go by a script."""

import math
from dataclasses import dataclass, replace

from msgspec import Struct

from engine.frames import Frame
from engine.poses import PERSON_LOST, PoseSample
from engine.skeletons import HOLISTIC_75
from tests.fakes.samples import nobody, upright

HAND = {"left_wrist": (0.45, 0.35)}


@dataclass(frozen=True)
class Visit:
    """Somebody in a slot, in seconds since the first frame.

    Attributes:
        slot: Which, from 0.
        person: Their number.
        from_s: When they come.
        to_s: When they leave.
        up: Stretches in which their hand is up, which is a gesture for `RaisedHandModel`.
        lost: Stretches in which they are not found.
    """

    slot: int
    person: int
    from_s: float = 0.0
    to_s: float = math.inf
    up: tuple[tuple[float, float], ...] = ()
    lost: tuple[tuple[float, float], ...] = ()


class Crowd:
    """Keeps `GroupEstimator`; time of its script begins with the first frame after a reset.

    Attributes:
        visits: The script.
        fails_at_s: When it breaks.
    """

    class Config(Struct, frozen=True):
        pass

    visits: tuple[Visit, ...] = ()
    fails_at_s = math.inf
    skeleton = HOLISTIC_75.name
    efforts: tuple[str, ...] = ("full", "less", "least")
    live_effort = 0

    def __init__(self, config: Config | None = None) -> None:
        self.most = 1
        self.effort = 0
        self.resets = 0
        self._first_ns: int | None = None

    def track(self, most: int) -> None:
        self.most = most

    def warm_up(self) -> None:
        pass

    def step(self, frame: Frame, seq: int) -> PoseSample:
        return self.step_all(frame, seq)[0]

    def step_all(self, frame: Frame, seq: int) -> list[PoseSample]:
        if self._first_ns is None:
            self._first_ns = frame.capture_ns
        t_s = (frame.capture_ns - self._first_ns) / 1e9
        if t_s >= self.fails_at_s:
            raise RuntimeError("the plugin broke")
        return [self._sample(slot, t_s, frame, seq) for slot in range(self.most)]

    def set_effort(self, effort: int) -> None:
        self.effort = effort

    def reset(self) -> None:
        self.resets += 1
        self._first_ns = None

    def close(self) -> None:
        pass

    def _sample(self, slot: int, t_s: float, frame: Frame, seq: int) -> PoseSample:
        here = (v for v in self.visits if v.slot == slot and v.from_s <= t_s < v.to_s)
        visit = next(here, None)
        if visit is None:
            sample = nobody(0.0)
        elif _within(visit.lost, t_s):
            sample = nobody(0.0, reason=PERSON_LOST)
        else:
            sample = upright(0.0, HAND if _within(visit.up, t_s) else None)
        person = visit.person if visit else 0
        return replace(
            sample, capture_ns=frame.capture_ns, epoch=frame.epoch, seq=seq, person=person
        )


def crowd(*visits: Visit, fails_at_s: float = math.inf) -> type[Crowd]:
    """The plugin with this script."""
    return type("ScriptedCrowd", (Crowd,), {"visits": visits, "fails_at_s": fails_at_s})


def _within(stretches: tuple[tuple[float, float], ...], t_s: float) -> bool:
    return any(from_s <= t_s < to_s for from_s, to_s in stretches)
