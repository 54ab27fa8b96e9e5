"""A machine in which time passes by script: drives a governor as the live pipeline does."""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.clock import NS_PER_MS, NS_PER_S
from engine.config import GovernorConfig
from engine.runtime.governor.decision import Decision
from engine.runtime.governor.governor import Governor
from engine.runtime.governor.watchdog import Call

LEVELS = ("full", "hands every second frame", "lighter pose", "lighter pose, every second frame")
DEADLINE_MS = 200.0
CHECK_EVERY_NS = 100 * NS_PER_MS
START_NS = 1_000 * NS_PER_S

Duration = Callable[[float, int, int], float]
"""Second of the script, degrade level and frame number to milliseconds; inf never returns."""


def steady(ms: float) -> Duration:
    return lambda second, level, seq: ms


RECOGNISE = steady(1.0)
PUBLISH = steady(0.5)


@dataclass(frozen=True)
class Published:
    at_s: float
    age_ms: float


@dataclass
class Outcome:
    """What came of a script. Times in seconds from its start.

    Attributes:
        published: Every result that was let out.
        decisions: Every decision of the governor.
        begun: When each pose call began.
        replaced: Frames that a newer one pushed out of the mailbox.
    """

    published: list[Published] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    begun: list[float] = field(default_factory=list)
    replaced: int = 0

    def told(self, what: str) -> list[Decision]:
        return [decision for decision in self.decisions if decision.what == what]

    def levels(self) -> list[tuple[float, int]]:
        return [(second(each.at_ns), each.level) for each in self.told("level")]

    def level_at(self, at_s: float) -> int:
        return next((level for since, level in reversed(self.levels()) if since <= at_s), 0)

    def ages_ms(self, from_s: float = 0.0) -> list[float]:
        return [each.age_ms for each in self.published if each.at_s >= from_s]

    def in_time_share(self, from_s: float = 0.0) -> float:
        ages_ms = self.ages_ms(from_s)
        return sum(age_ms <= DEADLINE_MS for age_ms in ages_ms) / len(ages_ms)


def second(at_ns: int) -> float:
    return (at_ns - START_NS) / NS_PER_S


class Simulator:
    """One camera, a mailbox in which the newest frame wins, one worker for each stage.

    Args:
        pose: Of the expensive stage.
        recognise: Of the stage behind it.
        publish: Of the last one.
        fps: Of the camera.
        config: Of the governor.
        levels: Of the governor; level 3, if there is one, takes every second frame.
    """

    def __init__(
        self,
        pose: Duration,
        *,
        recognise: Duration = RECOGNISE,
        publish: Duration = PUBLISH,
        fps: float = 30.0,
        config: GovernorConfig | None = None,
        levels: tuple[str, ...] = LEVELS,
    ) -> None:
        self.outcome = Outcome()
        self.governor = Governor(
            config or GovernorConfig(), DEADLINE_MS, levels, self.outcome.decisions.append
        )
        self._durations = {"pose": pose, "recognise": recognise, "publish": publish}
        self._period_ns = round(NS_PER_S / fps)
        self._now_ns = START_NS
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._scheduled = 0
        self._mailbox: tuple[int, int] | None = None
        self._pose_is_free = True
        self._free_ns: dict[str, float] = dict.fromkeys(self._durations, START_NS)

    def run(self, seconds: float) -> Outcome:
        """Play the script from its start."""
        end_ns = START_NS + round(seconds * NS_PER_S)
        self._at(START_NS, lambda: self._capture(0))
        self._at(START_NS, self._check)
        while self._events and self._events[0][0] < end_ns:
            self._now_ns, _, act = heapq.heappop(self._events)
            act()
        return self.outcome

    def _at(self, when_ns: int, act: Callable[[], None]) -> None:
        self._scheduled += 1
        heapq.heappush(self._events, (when_ns, self._scheduled, act))

    def _check(self) -> None:
        self.governor.check(self._now_ns)
        self._at(self._now_ns + CHECK_EVERY_NS, self._check)

    def _capture(self, seq: int) -> None:
        self._at(self._now_ns + self._period_ns, lambda: self._capture(seq + 1))
        if self.governor.level == 3 and seq % 2:
            return
        self.outcome.replaced += self._mailbox is not None
        self._mailbox = seq, self._now_ns
        if self._pose_is_free:
            self._take()

    def _take(self) -> None:
        self._pose_is_free = True
        if self._mailbox is None:
            return
        (seq, capture_ns), self._mailbox = self._mailbox, None
        if self.governor.admit("pose", capture_ns, self._now_ns, seq):
            self._pose_is_free = False
            self.outcome.begun.append(second(self._now_ns))
            self._call("pose", self._now_ns, seq, lambda: self._posed(seq, capture_ns))

    def _posed(self, seq: int, capture_ns: int) -> None:
        if self.governor.in_time("pose", capture_ns, self._now_ns, seq):
            since_ns = self._now_ns
            self._when_free("recognise", lambda: self._recognise(seq, capture_ns, since_ns))
        self._take()

    def _recognise(self, seq: int, capture_ns: int, since_ns: int) -> None:
        if not self.governor.expired("recognise", capture_ns, self._now_ns, seq):
            self._work("recognise", since_ns, seq, lambda: self._recognised(seq, capture_ns))

    def _recognised(self, seq: int, capture_ns: int) -> None:
        since_ns = self._now_ns
        self._when_free(
            "publish",
            lambda: self._work("publish", since_ns, seq, lambda: self._publish(capture_ns)),
        )

    def _publish(self, capture_ns: int) -> None:
        self.governor.published(capture_ns, self._now_ns)
        age_ms = (self._now_ns - capture_ns) / NS_PER_MS
        self.outcome.published.append(Published(second(self._now_ns), age_ms))

    def _when_free(self, stage: str, act: Callable[[], None]) -> None:
        """Act when the stage's worker has done what came before."""
        if self._free_ns[stage] <= self._now_ns:
            act()
        elif self._free_ns[stage] < math.inf:
            self._at(int(self._free_ns[stage]), lambda: self._when_free(stage, act))

    def _work(self, stage: str, since_ns: int, seq: int, then: Callable[[], None]) -> None:
        duration_ns = self._duration_ns(stage, self._now_ns, seq)
        self._free_ns[stage] = math.inf if duration_ns is None else self._now_ns + duration_ns
        self._call(stage, since_ns, seq, then)

    def _call(self, stage: str, since_ns: int, seq: int, then: Callable[[], None]) -> None:
        call = self.governor.begin(stage, self._now_ns)
        duration_ns = self._duration_ns(stage, self._now_ns, seq)
        if duration_ns is not None:
            self._at(self._now_ns + duration_ns, lambda: self._end(call, since_ns, then))

    def _end(self, call: Call, since_ns: int, then: Callable[[], None]) -> None:
        self.governor.end(call, self._now_ns, since_ns)
        then()

    def _duration_ns(self, stage: str, start_ns: int, seq: int) -> int | None:
        ms = self._durations[stage](second(start_ns), self.governor.level, seq)
        return None if math.isinf(ms) else round(ms * NS_PER_MS)
