"""From pose samples at whatever rate to ticks at the model's rate, by capture time."""

from dataclasses import dataclass

import numpy as np

from engine.config import ResampleConfig
from engine.poses import F32, SPARSE, PoseSample

NS_PER_S = 1_000_000_000
# A longer pause inside an epoch is not filled tick by tick: everything has ended by then.
_FILL_AT_MOST_S = 5.0


@dataclass(frozen=True)
class Tick:
    """One step of the recogniser's time.

    Attributes:
        t_ns: Its instant: the epoch's first sample plus a whole number of periods.
        joints: `(J, 3)` float32 as in `PoseSample`; all 0 in a gap.
        depth: `(J,)` float32 as in `PoseSample`; all 0 where it gives none, and in a gap.
        aspect: Width over height of the frame; 0 in a gap.
        valid: False in a gap.
        reason: Why it is a gap; empty when valid.
    """

    t_ns: int
    joints: F32
    depth: F32
    aspect: float
    valid: bool
    reason: str


class Resampler:
    """Interpolates between neighbouring valid samples and marks what lies too far from any.

    A tick is given as soon as a sample at or after it has come, so the delay is below one sample
    period. While samples are not valid, ticks are held back until the person is back or
    `max_gap_s` is over, so that a single missed frame leaves no gap.

    Args:
        config: Gap lengths.
        rate_hz: Ticks a second.
    """

    def __init__(self, config: ResampleConfig, rate_hz: float) -> None:
        self._max_gap_ns = round(config.max_gap_s * NS_PER_S)
        self._fill_ns = round(max(_FILL_AT_MOST_S, 2 * config.reset_after_s) * NS_PER_S)
        self._rate_hz = rate_hz
        self.reset()

    def reset(self) -> None:
        """Begin a new epoch: the next sample sets the origin of the grid."""
        self._origin_ns: int | None = None
        self._next_index = 0
        self._valid: PoseSample | None = None
        self._reason = ""

    def step(self, sample: PoseSample) -> list[Tick]:
        """Ticks that `sample` completes, oldest first. Times within an epoch must increase."""
        if self._origin_ns is None:
            self._origin_ns = sample.capture_ns
        ticks = self._with_person(sample) if sample.valid else self._without_person(sample)
        if sample.valid:
            self._valid = sample
        self._reason = sample.reason
        return ticks

    def _with_person(self, sample: PoseSample) -> list[Tick]:
        before = self._valid
        if before is not None and sample.capture_ns - before.capture_ns <= self._max_gap_ns:
            return [_between(before, sample, t_ns) for t_ns in self._due(sample.capture_ns)]
        ticks = self._gap_until(sample.capture_ns - 1, self._reason or SPARSE, len(sample.joints))
        return ticks + [_between(sample, sample, t_ns) for t_ns in self._due(sample.capture_ns)]

    def _without_person(self, sample: PoseSample) -> list[Tick]:
        before = self._valid
        held = before is not None and sample.capture_ns - before.capture_ns <= self._max_gap_ns
        return [] if held else self._gap_until(sample.capture_ns, sample.reason, len(sample.joints))

    def _gap_until(self, end_ns: int, reason: str, joint_count: int) -> list[Tick]:
        empty, flat = np.zeros((joint_count, 3), np.float32), np.zeros(joint_count, np.float32)
        return [Tick(t_ns, empty, flat, 0.0, False, reason) for t_ns in self._due(end_ns)]

    def _due(self, end_ns: int) -> list[int]:
        times = []
        start_ns = self._time_of(self._next_index)
        while (t_ns := self._time_of(self._next_index)) <= end_ns:
            if t_ns - start_ns > self._fill_ns:
                self._skip_to(end_ns)
                break
            times.append(t_ns)
            self._next_index += 1
        return times

    def _skip_to(self, end_ns: int) -> None:
        assert self._origin_ns is not None
        self._next_index = int((end_ns - self._origin_ns) * self._rate_hz // NS_PER_S)
        while self._time_of(self._next_index) <= end_ns:
            self._next_index += 1

    def _time_of(self, index: int) -> int:
        assert self._origin_ns is not None
        return self._origin_ns + round(index * NS_PER_S / self._rate_hz)


def _between(a: PoseSample, b: PoseSample, t_ns: int) -> Tick:
    """The pose at `t_ns` between two valid samples; a joint seen in one only is taken from it."""
    aspect = b.width_px / b.height_px
    if t_ns >= b.capture_ns or a is b:
        return Tick(t_ns, b.joints, _depth(b), aspect, True, "")
    part = (t_ns - a.capture_ns) / (b.capture_ns - a.capture_ns)
    nearer = a if part < 0.5 else b
    joints = a.joints + np.float32(part) * (b.joints - a.joints)
    depth = _depth(nearer)
    if a.depth is not None and b.depth is not None:
        depth = a.depth + np.float32(part) * (b.depth - a.depth)
    seen_a, seen_b = a.joints[:, 2] > 0, b.joints[:, 2] > 0
    if not np.array_equal(seen_a, seen_b):
        both = seen_a & seen_b
        joints = np.where(both[:, None], joints, nearer.joints)
        depth = np.where(both, depth, _depth(nearer))
    return Tick(t_ns, joints, depth, aspect, True, "")


def _depth(sample: PoseSample) -> F32:
    return np.zeros(len(sample.joints), np.float32) if sample.depth is None else sample.depth
