"""What one simulated person does when: scripts drawn one after the other."""

from dataclasses import dataclass, field

import numpy as np

from engine.poses import F32
from training.simulator.draws import duration, uniform
from training.simulator.reaching import Hold, hold_of
from training.simulator.scripts.model import CHANNELS, Pulse, Reach, Script, Variant
from training.simulator.scripts.table import SCRIPTS

LEFT, RIGHT = 0, 1
HANDS = (LEFT, RIGHT)
_REACH_S = (0.3, 1.1)
_STEP_S = (0.22, 0.7)
# The last of a minimum-jerk reach covers almost no way: the hand is there this part earlier.
_THERE = 0.08
_CHAINED = 0.2
_GAP_S = 1.0
# A channel that has been pushed further than this goes back next time.
_FARTHEST = 0.35
_RESTS: tuple[tuple[tuple[str, ...], float], ...] = (
    (("lap",), 0.28),
    (("desk", "lap"), 0.34),
    (("desk", "keyboard", "mouse"), 0.18),
    (("arm_rest", "lap"), 0.08),
    (("hanging",), 0.12),
)


@dataclass
class Move:
    """One change of one channel: rises, swings or stays, and falls back.

    Attributes:
        channel: Index in `CHANNELS`.
        begin_s: When it begins.
        rise_s: Time to full size.
        hold_s: Time at full size.
        fall_s: Time back; 0 never goes back.
        size: Full size in the channel's unit.
        hz: Pace of swings; 0 does not swing.
        phase: Of the swing, rad.
    """

    channel: int
    begin_s: float
    rise_s: float
    hold_s: float
    fall_s: float
    size: float
    hz: float = 0.0
    phase: float = 0.0


@dataclass(frozen=True)
class Act:
    """Something done.

    Attributes:
        script: Index in `SCRIPTS`.
        variant: Name of the variant.
        hands: Hands that act.
        start_s: When it begins to be what it is called.
        end_s: When it stops being it.
    """

    script: int
    variant: str
    hands: tuple[int, ...]
    start_s: float
    end_s: float


@dataclass
class Timeline:
    """Everything one person does in one sequence.

    Attributes:
        holds: Of the left and the right hand, in order of time.
        moves: Changes of posture.
        acts: Gestures and negatives, in order of time.
    """

    holds: tuple[list[Hold], list[Hold]] = field(default_factory=lambda: ([], []))
    moves: list[Move] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)


class Director:
    """Draws the timeline of one person.

    Args:
        rng: Source of chance.
        weights: (len(SCRIPTS),) how often each script is drawn.
        right_handed: Chance that the right hand acts.
    """

    def __init__(self, rng: np.random.Generator, weights: F32, right_handed: float) -> None:
        self._rng = rng
        self._weights = weights / weights.sum()
        self._right_handed = right_handed
        share = np.array([share for _, share in _RESTS])
        self._rests = _RESTS[rng.choice(len(share), p=share / share.sum())][0]
        self._levels = dict.fromkeys(CHANNELS, 0.0)
        self._line = Timeline()
        self._at_rest = [True, True]
        for hand in HANDS:
            self._hold(hand, self._rest(), -1e6, 1e6)

    def direct(self, seconds: float) -> Timeline:
        """A timeline of so many seconds."""
        now_s = uniform(self._rng, (0.2, 2.5))
        while now_s < seconds - 0.8:
            script = int(self._rng.choice(len(SCRIPTS), p=self._weights))
            now_s = self.perform(script, self._variant(SCRIPTS[script]), now_s)
        return self._line

    @property
    def line(self) -> Timeline:
        """What has been directed so far."""
        return self._line

    def perform(self, script: int, variant: Variant, now_s: float) -> float:
        """Do one variant from `now_s` on; gives when the next may begin."""
        reaches = self._assigned(variant)
        hold_s = duration(self._rng, variant.hold_s)
        spans: list[tuple[float, float]] = []
        if reaches:
            spans.append(self._use_hands(reaches, variant, now_s, hold_s))
        if variant.pulses:
            spans.append(self._use_body(variant.pulses, now_s, hold_s))
        # What the hands do is what it is called after; the body only goes along.
        start_s, end_s = spans[0]
        hands = tuple(reaches)
        self._line.acts.append(Act(script, variant.name, hands, start_s, end_s))
        self._distract(start_s, end_s)
        return self._afterwards(hands, max(end for _, end in spans))

    def _variant(self, script: Script) -> Variant:
        weights = np.array([variant.weight for variant in script.variants])
        return script.variants[self._rng.choice(len(weights), p=weights / weights.sum())]

    def _assigned(self, variant: Variant) -> dict[int, Reach]:
        acting = RIGHT if self._rng.random() < self._right_handed else LEFT
        pairs = ((acting, variant.one), (1 - acting, variant.two))
        return {hand: reach for hand, reach in pairs if reach is not None}

    def _use_hands(
        self, reaches: dict[int, Reach], variant: Variant, now_s: float, hold_s: float
    ) -> tuple[float, float]:
        steps = round(uniform(self._rng, variant.steps)) + 1
        reach_s = duration(self._rng, _REACH_S)
        arrive_s = first_s = now_s + reach_s
        for _ in range(steps):
            share = self._rng.random(3, np.float32)
            for hand, reach in reaches.items():
                late_s = uniform(self._rng, (0.0, 0.12)) if len(reaches) > 1 else 0.0
                same = share if variant.meet else None
                self._go(hand, reach, (now_s, arrive_s + late_s, arrive_s + hold_s), same)
            leave_s = arrive_s + hold_s
            now_s, arrive_s = leave_s, leave_s + duration(self._rng, _STEP_S)
            hold_s = duration(self._rng, variant.hold_s) if steps > 1 else hold_s
        moving = steps > 1 or variant.steps[1] > 0
        early = 0.5 if moving else _THERE
        return first_s - early * reach_s, leave_s + early * 0.5

    def _go(
        self,
        hand: int,
        reach: Reach,
        times_s: tuple[float, float, float],
        shared: F32 | None,
    ) -> None:
        go_s, arrive_s, leave_s = times_s
        self._leave(hand, go_s)
        self._at_rest[hand] = False
        self._hold(hand, reach, arrive_s, leave_s, shared)

    def _hold(
        self,
        hand: int,
        reach: Reach,
        arrive_s: float,
        leave_s: float,
        shared: F32 | None = None,
    ) -> None:
        self._line.holds[hand].append(hold_of(self._rng, reach, hand, (arrive_s, leave_s), shared))

    def _leave(self, hand: int, at_s: float) -> None:
        last = self._line.holds[hand][-1]
        last.leave_s = max(min(last.leave_s, at_s), last.arrive_s)

    def _afterwards(self, hands: tuple[int, ...], end_s: float) -> float:
        """Hands mostly go back to rest; gives when the next act may begin."""
        if hands and self._rng.random() < _CHAINED:
            for hand in set(HANDS) - set(hands):
                self._go_to_rest(hand, end_s)
            return end_s + 0.05
        settled_s = max((self._go_to_rest(hand, end_s) for hand in HANDS), default=end_s)
        return settled_s + float(self._rng.exponential(_GAP_S)) + 0.15

    def _go_to_rest(self, hand: int, now_s: float) -> float:
        if self._at_rest[hand]:
            return now_s
        left_s = self._line.holds[hand][-1].leave_s
        arrive_s = left_s + duration(self._rng, _REACH_S)
        self._hold(hand, self._rest(), arrive_s, 1e6)
        self._at_rest[hand] = True
        return arrive_s

    def _rest(self) -> Reach:
        return Reach(self._rests, ("palm", "fist"), curl=(0.2, 0.7), tilt=0.3)

    def _use_body(
        self, pulses: tuple[Pulse, ...], now_s: float, hold_s: float
    ) -> tuple[float, float]:
        ends_s = []
        last: Move | None = None
        for pulse in pulses:
            last = self._move(pulse, now_s, hold_s, last)
            self._line.moves.append(last)
            ends_s.append(last.begin_s + last.rise_s + last.hold_s + 0.5 * last.fall_s)
        first = self._line.moves[-len(pulses)]
        early_s = 0.15 * first.rise_s
        late_s = 0.1 * first.rise_s if pulses[0].shape == "stay" else 0.0
        return now_s + early_s, max(ends_s) - late_s

    def _move(self, pulse: Pulse, now_s: float, hold_s: float, last: Move | None) -> Move:
        size = uniform(self._rng, pulse.size)
        if not pulse.signed and self._rng.random() < 0.5:
            size = -size
        rise_s = duration(self._rng, pulse.rise_s)
        move = Move(CHANNELS.index(pulse.channel), now_s, rise_s, hold_s, rise_s, size)
        if pulse.shape == "stay":
            move.size, move.fall_s = self._level(pulse, size), 0.0
        if pulse.shape == "swing":
            move.hz, move.rise_s, move.fall_s = uniform(self._rng, pulse.hz), 0.15, 0.15
        follows = pulse.with_previous or pulse.against_previous
        if follows and last is not None:
            sign = -1.0 if pulse.against_previous else 1.0
            move.size = sign * abs(size) * (1.0 if last.size >= 0 else -1.0)
            move.hz, move.phase, move.rise_s = last.hz, last.phase, last.rise_s
            move.fall_s = last.fall_s
        return move

    def _level(self, pulse: Pulse, size: float) -> float:
        """Step of a channel that stays where it is put."""
        level = self._levels[pulse.channel]
        if abs(level + size) > _FARTHEST or (level * size > 0 and self._rng.random() < 0.6):
            size = -size if level * size > 0 else size
        self._levels[pulse.channel] = level + size
        return size

    def _distract(self, start_s: float, end_s: float) -> None:
        """The head also moves while something else is done."""
        if self._rng.random() > 0.45:
            return
        pulse = Pulse(
            ("yaw", "pitch", "roll")[self._rng.integers(3)], (0.03, 0.22), rise_s=(0.3, 0.9)
        )
        at_s = uniform(self._rng, (start_s - 0.5, end_s))
        self._line.moves.append(self._move(pulse, at_s, duration(self._rng, (0.3, 2.5)), None))
