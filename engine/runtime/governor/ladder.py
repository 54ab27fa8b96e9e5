"""Which level of quality is held: lower under a load, full again when it is gone."""

import threading
from dataclasses import dataclass

from engine.clock import NS_PER_S
from engine.config import GovernorConfig
from engine.runtime.governor.pressure import Pressure
from engine.runtime.governor.relief import Relief
from engine.runtime.governor.rung import Rung

# Of `recover_s`; the rest is for the load's last calls and for forgetting them.
_RETURNING = 0.55


@dataclass(frozen=True)
class Move:
    """A change of level.

    Attributes:
        level: The new one.
        cause: `pressure` or `relief`.
    """

    level: int
    cause: str


class Ladder:
    """Index into the declared levels, 0 the best; it moves by one at a time.

    *Up*, to less quality, under sustained pressure (see `Pressure`), no sooner than `climb_after_s`
    after the change before. *Back*, after relief (see `Relief`) over a hold of
    `0.55 * recover_s / (levels - 1)`, no sooner than that after the change before.

    A load on the edge is too much for one level and easy for the next, so that coming back fails.
    A level to which that happens is kept for longer and longer (see `Rung`), unless its load is
    visibly gone. Under a constant load the level therefore changes at most 20 times in the first
    minute and 12 times in each later one, as simulations of many loads show (the tests keep some).

    Once a load has ended, the way from the highest level to 0 takes at most `recover_s`, from 10
    frames a second on. A load that comes back within 10 s, for so short a time that it is over
    before the level has settled, counts as one that never ended.

    Any thread: one lock guards the state.

    Args:
        levels: How many there are, at least 1.
        config: Bounds.
    """

    def __init__(self, levels: int, config: GovernorConfig) -> None:
        self._lock = threading.Lock()
        hold_ns = round(_RETURNING * config.recover_s * NS_PER_S / max(1, levels - 1))
        self._rungs = [Rung(hold_ns) for _ in range(levels)]
        self._pressure = Pressure(config.climb_slack, round(config.climb_after_s * NS_PER_S))
        self._relief = Relief(hold_ns, pressed=config.climb_slack, easy=config.return_slack)
        self._level = 0
        self._climbed_ns = 0

    @property
    def level(self) -> int:
        """The level held."""
        with self._lock:
            return self._level

    def note(self, slack: float, now_ns: int) -> Move | None:
        """Take a frame into account.

        Args:
            slack: Part of the deadline that it left, by forecast or in fact; negative for one that
                was refused, discarded or late.
            now_ns: Monotonic.

        Returns:
            What changes now.
        """
        with self._lock:
            sustained = self._pressure.note(slack, now_ns)
            self._relief.note(slack, now_ns)
            if sustained and self._level + 1 < len(self._rungs):
                return self._climb(now_ns)
            if self._level and self._relief.is_known(now_ns):
                return self._settle(now_ns)
            return None

    def _climb(self, now_ns: int) -> Move:
        self._rungs[self._level].settle(self._relief.slack())
        self._rungs[self._level + 1].take(now_ns)
        self._climbed_ns = now_ns
        return self._move(self._level + 1, "pressure")

    def _settle(self, now_ns: int) -> Move | None:
        rung, slack = self._rungs[self._level], self._relief.slack()
        rung.settle(slack)
        if not self._relief.is_there() or not rung.may_leave(slack, self._climbed_ns, now_ns):
            return None
        rung.leave(slack, now_ns)
        return self._move(self._level - 1, "relief")

    def _move(self, level: int, cause: str) -> Move:
        self._level = level
        self._pressure.reset()
        self._relief.reset()
        return Move(level, cause)
