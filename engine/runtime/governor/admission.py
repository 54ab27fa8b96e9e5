"""Whether a frame's result would still be in time, asked before and after an expensive call."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from engine.runtime.governor.gate import Gate
from engine.runtime.governor.quantiles import StageForecast, StageQuantiles


class Verdict(Struct, frozen=True):
    """Answer to whether a frame may go on.

    Attributes:
        passes: Whether it may.
        slack: Part of the deadline that it is forecast to leave; negative if it will be late.
    """

    passes: bool
    slack: float


class Admission:
    """Compares the time a frame has left with what its stages took of late.

    The forecast is the sum over the stages to come of what `StageQuantiles` expects, which is the
    p95 or less; a stage of which too little is known counts as the margin. A `Gate` before and one
    behind each stage keep forecasts from starving what would correct them; at best each stage takes
    the margin. Any thread: quantiles and gates guard their own state, here is none.

    Args:
        stages: In the order in which a frame passes them.
        deadline_ns: From capture to publish.
        margin_ns: Kept free before a call.
        window_ns: See `StageQuantiles`.
        probe_after_ns: See `Gate`.
    """

    def __init__(
        self,
        *,
        stages: Sequence[str],
        deadline_ns: int,
        margin_ns: int,
        window_ns: int,
        probe_after_ns: int,
    ) -> None:
        self._deadline_ns = deadline_ns
        self._margin_ns = margin_ns
        self._stages = {stage: StageQuantiles(window_ns) for stage in stages}
        self._before = {stage: Gate(probe_after_ns) for stage in stages}
        self._behind = {stage: Gate(probe_after_ns) for stage in stages}

    def measured(self, stage: str, duration_ns: int, now_ns: int) -> None:
        """Count a call of `stage` that ends now."""
        self._stages[stage].add(duration_ns, now_ns)

    def restart(self, seeds_ns: dict[str, Sequence[int]]) -> None:
        """Begin anew, each stage with its seeds; those not named without."""
        for stage, quantiles in self._stages.items():
            quantiles.restart(seeds_ns.get(stage, ()))

    def admit(self, stage: str, capture_ns: int, now_ns: int) -> Verdict:
        """Whether the call may begin: `now + p95 of this and the later stages + margin`.

        With equal state and time, a frame captured later is admitted if an earlier one is.
        """
        stages = self._from(stage)
        cost_ns = self._cost_ns(stages, now_ns) + self._margin_ns
        return self._verdict(self._before[stage], stages, cost_ns, capture_ns, now_ns)

    def in_time(self, stage: str, capture_ns: int, now_ns: int) -> Verdict:
        """Whether what `stage` has just given can be published in time by the p95 of what remains.

        Nothing passes after its deadline. The call must have been `measured` before.
        """
        stages = self._from(stage)
        cost_ns = self._cost_ns(stages[1:], now_ns)
        verdict = self._verdict(self._behind[stage], stages[1:], cost_ns, capture_ns, now_ns)
        self._learn(self._before[stage], stages, verdict.passes, now_ns)
        return verdict

    def ended(self, capture_ns: int, now_ns: int) -> float:
        """Learn when a result was out, or given up.

        Returns:
            Its slack.
        """
        left_ns = capture_ns + self._deadline_ns - now_ns
        for stage, gate in self._behind.items():
            self._learn(gate, self._from(stage)[1:], left_ns >= 0, now_ns)
        return left_ns / self._deadline_ns

    def forecasts(self, now_ns: int) -> dict[str, StageForecast]:
        """Stage to its figures, in order."""
        return {stage: known.forecast(now_ns) for stage, known in self._stages.items()}

    def _verdict(
        self, gate: Gate, stages: Sequence[str], cost_ns: int, capture_ns: int, now_ns: int
    ) -> Verdict:
        left_ns = capture_ns + self._deadline_ns - now_ns
        passes = gate.passes(cost_ns, self._margin_ns * len(stages), left_ns, now_ns)
        return Verdict(passes=passes, slack=(left_ns - cost_ns) / self._deadline_ns)

    def _learn(self, gate: Gate, stages: Iterable[str], in_time: bool, now_ns: int) -> None:
        outdated_ns = gate.heard(in_time, now_ns)
        if outdated_ns is not None:
            for stage in stages:
                self._stages[stage].forget(outdated_ns)

    def _from(self, stage: str) -> list[str]:
        stages = list(self._stages)
        return stages[stages.index(stage) :]

    def _cost_ns(self, stages: Iterable[str], now_ns: int) -> int:
        expected_ns = [self._stages[stage].expected_ns(now_ns) for stage in stages]
        return sum(self._margin_ns if each is None else each for each in expected_ns)
