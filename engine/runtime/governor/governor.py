"""The latency governor: asked at every stage, it keeps results within their deadline."""

import threading
from collections.abc import Callable, Sequence

from engine.clock import NS_PER_MS, NS_PER_S
from engine.config import GovernorConfig
from engine.runtime.governor.admission import Admission
from engine.runtime.governor.decision import Decision, What
from engine.runtime.governor.ladder import Ladder
from engine.runtime.governor.status import GovernorStatus
from engine.runtime.governor.watchdog import Call, Watchdog

STAGES = ("pose", "recognise", "publish")
DEADLINE = "deadline"
LATE_RESULT = "late_result"
# A larger margin would refuse everything, for it also stands for stages not measured yet.
_MOST_MARGIN = 0.125


class Governor:
    """Asked before and after each call of one stream's stages; it only says what to do.

    For each frame, in this order: `admit` before the expensive stage, `begin` and `end` around each
    stage's call, `in_time` after the expensive stage, `expired` where it has waited for a stage,
    `published` at the end. `check` comes from outside, several times a second. Any order is
    survived; the order given is what measures right.

    Any thread: one lock guards the counts, and the parts guard their own state. No lock is held
    while `told` is called, so decisions of different threads may be told in another order than
    that of `at_ns`.

    Args:
        config: Bounds.
        deadline_ms: From capture to publish, above 0.
        levels: Names of the degrade levels, the first for full quality.
        told: Gets every decision, in the thread that caused it.
        stages: In the order in which a frame passes them.

    Raises:
        ValueError: No level, a name twice, or a deadline that is not above 0.
    """

    def __init__(
        self,
        config: GovernorConfig,
        deadline_ms: float,
        levels: Sequence[str],
        told: Callable[[Decision], None],
        stages: Sequence[str] = STAGES,
    ) -> None:
        _check(deadline_ms, levels, stages)
        self._lock = threading.Lock()
        self._enabled = config.enabled
        self._levels = tuple(levels)
        self._told = told
        self._stages = tuple(stages)
        self._ladder = Ladder(len(levels), config)
        self._deadline_ns = round(deadline_ms * NS_PER_MS)
        self._watchdog = Watchdog(dict.fromkeys(stages, round(config.stuck_after_ms * NS_PER_MS)))
        self._admission = Admission(
            stages=stages,
            deadline_ns=self._deadline_ns,
            margin_ns=round(min(config.margin_ms, _MOST_MARGIN * deadline_ms) * NS_PER_MS),
            window_ns=round(config.window_s * NS_PER_S),
            probe_after_ns=round(config.probe_after_ms * NS_PER_MS),
        )
        self._seeds_ns: dict[int, dict[str, Sequence[int]]] = {}
        self._slack = 1.0
        self._shed = self._discarded = self._late = 0

    @property
    def level(self) -> int:
        """Degrade level to work at, 0 is full quality."""
        return self._ladder.level

    def seed(self, stage: str, durations_ns: Sequence[int], level: int = 0) -> None:
        """Say what calls took in a warm-up or a calibration profile; see `StageQuantiles`.

        Call it before the first frame; what was measured until then is forgotten.

        Args:
            stage: One of the stages.
            durations_ns: At least three are of use.
            level: The level at which they were taken.

        Raises:
            ValueError: There is no such stage or level.
        """
        self._check_stage(stage)
        if not 0 <= level < len(self._levels):
            raise ValueError(f"expected a level from 0 to {len(self._levels) - 1}, got {level}")
        with self._lock:
            self._seeds_ns.setdefault(level, {})[stage] = tuple(durations_ns)
        self._restart(self.level)

    def admit(self, stage: str, capture_ns: int, now_ns: int, seq: int | None = None) -> bool:
        """Whether to begin a call; if not, drop the frame with cause `DEADLINE`.

        Args:
            stage: The stage that would begin.
            capture_ns: Grab time of the frame.
            now_ns: Monotonic.
            seq: Running number of the frame, for the decision.
        """
        self._check_stage(stage)
        if not self._enabled:
            return True
        verdict = self._admission.admit(stage, capture_ns, now_ns)
        with self._lock:
            if verdict.passes:
                self._slack = verdict.slack
                return True
            self._shed += 1
        self._tell(now_ns, "shed", stage, DEADLINE, seq=seq)
        self._note(verdict.slack, now_ns)
        return False

    def begin(self, stage: str, now_ns: int) -> Call:
        """A call of `stage` begins; give what this returns to `end`."""
        self._check_stage(stage)
        return self._watchdog.begin(stage, now_ns, self.level)

    def end(self, call: Call, now_ns: int, since_ns: int | None = None) -> None:
        """A call has returned; ending it again does nothing.

        Args:
            call: What `begin` gave.
            now_ns: Monotonic.
            since_ns: When the work was handed over, if it then waited for the stage: the wait
                counts as part of what the stage takes. By default when the call began.
        """
        # What a call of another level took says nothing about the level held now.
        if self._watchdog.end(call) and call.level == self.level:
            start_ns = call.start_ns if since_ns is None else since_ns
            self._admission.measured(call.stage, now_ns - start_ns, now_ns)

    def abandon(self, call: Call) -> None:
        """A call has raised or was given up: it is not measured and no longer watched."""
        self._watchdog.end(call)

    def in_time(self, stage: str, capture_ns: int, now_ns: int, seq: int | None = None) -> bool:
        """Whether to go on with what `stage` gave; if not, drop it with cause `LATE_RESULT`.

        Call it after `end`; arguments as of `admit`.
        """
        self._check_stage(stage)
        if not self._enabled:
            return True
        verdict = self._admission.in_time(stage, capture_ns, now_ns)
        if not verdict.passes:
            self._discard(stage, verdict.slack, now_ns, seq)
        return verdict.passes

    def expired(self, stage: str, capture_ns: int, now_ns: int, seq: int | None = None) -> bool:
        """Whether what waited for `stage` is past its deadline; if so, drop it as `LATE_RESULT`.

        Arguments as of `admit`; that it was dropped is counted and told here.
        """
        self._check_stage(stage)
        if not self._enabled or now_ns <= capture_ns + self._deadline_ns:
            return False
        slack = self._admission.ended(capture_ns, now_ns)
        self._discard(stage, slack, now_ns, seq)
        return True

    def published(self, capture_ns: int, now_ns: int) -> None:
        """The result of a frame is out; not for messages without a frame of their own."""
        slack = self._admission.ended(capture_ns, now_ns)
        with self._lock:
            self._late += slack < 0
            # A frame that came through by luck was under pressure all the same.
            slack = min(slack, self._slack)
        if self._enabled:
            self._note(slack, now_ns)

    def check(self, now_ns: int) -> None:
        """Tell the calls that have passed their bound since; any thread, several times a second."""
        for call in self._watchdog.overdue(now_ns):
            self._tell(now_ns, "stuck", call.stage, "overdue")

    def status(self, now_ns: int) -> GovernorStatus:
        """The state now."""
        level, forecasts = self.level, self._admission.forecasts(now_ns)
        stuck = self._watchdog.stuck()
        with self._lock:
            return GovernorStatus(
                level=level,
                level_name=self._levels[level],
                forecasts=forecasts,
                shed=self._shed,
                discarded=self._discarded,
                late=self._late,
                stuck=stuck,
            )

    def _discard(self, stage: str, slack: float, now_ns: int, seq: int | None) -> None:
        with self._lock:
            self._discarded += 1
        self._tell(now_ns, "discard", stage, LATE_RESULT, seq=seq)
        self._note(slack, now_ns)

    def _note(self, slack: float, now_ns: int) -> None:
        move = self._ladder.note(slack, now_ns)
        if move is not None:
            self._restart(move.level)
            self._tell(now_ns, "level", "", move.cause, level=move.level)

    def _restart(self, level: int) -> None:
        with self._lock:
            seeds_ns = dict(self._seeds_ns.get(level, {}))
        self._admission.restart(seeds_ns)

    def _tell(
        self,
        at_ns: int,
        what: What,
        stage: str,
        cause: str,
        *,
        seq: int | None = None,
        level: int | None = None,
    ) -> None:
        level = self.level if level is None else level
        self._told(Decision(at_ns=at_ns, what=what, stage=stage, cause=cause, level=level, seq=seq))

    def _check_stage(self, stage: str) -> None:
        if stage not in self._stages:
            raise ValueError(f"expected one of the stages {', '.join(self._stages)}, got '{stage}'")


def _check(deadline_ms: float, levels: Sequence[str], stages: Sequence[str]) -> None:
    if deadline_ms <= 0:
        raise ValueError(f"expected a deadline above 0 ms, got {deadline_ms:g}")
    for what, names in (("level", levels), ("stage", stages)):
        if not names or len(set(names)) < len(names):
            raise ValueError(f"expected at least one {what}, each named once, got {tuple(names)}")
