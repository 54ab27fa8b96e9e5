"""Backends that may take over from the processor, and the best of them now."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import FidgetError
from engine.serving.backend_spec import BackendSpec
from engine.serving.choice import (
    PROCESSOR,
    Judged,
    Verdict,
    compared,
    hosted,
    judge,
    median_ms,
    pick,
    processor_verdict,
)
from engine.serving.engine_group import EngineGroup
from engine.serving.hosted import HostedBackend
from engine.serving.limits import ServingLimits
from engine.serving.trial import Trial


@dataclass(frozen=True)
class Best:
    """Who is to serve.

    Attributes:
        name: The backend.
        group: Its engines, open and empty.
        reason: Why it was chosen.
    """

    name: str
    group: EngineGroup
    reason: str


@dataclass(frozen=True)
class Nobody:
    """The processor goes on.

    Attributes:
        reason: Why, in words.
        retry: Whether it may be otherwise later.
    """

    reason: str
    retry: bool


class Candidates:
    """Judges backends when asked; what cannot change is judged once for each number of rows.

    One thread at a time, but for `cancel`.

    Args:
        specs: The backends.
        limits: What is asked of them.
        named: Whether the user asked for this backend: then it need not be faster.
    """

    def __init__(self, specs: Sequence[BackendSpec], limits: ServingLimits, *, named: bool) -> None:
        self._limits = limits
        self._named = named
        self._backends: list[HostedBackend] = []
        self._never: list[Verdict] = []
        self._settled: dict[tuple[int, int], Verdict] = {}
        for spec in specs:
            try:
                self._backends.append(hosted(spec, limits))
            except FidgetError as error:  # a plugin that cannot be imported
                self._never.append(Verdict(spec.use, False, str(error)))

    def best(self, trial: Trial, rows: int) -> Best | Nobody:
        """Open, compare and time the candidates; all but the best are closed again.

        Args:
            trial: What they are judged by.
            rows: How many there are to be.
        """
        best: int | None = None
        judged: list[Judged] = []
        try:
            for index in range(len(self._backends)):
                judged.append(self._judged(index, trial, rows))
                best = self._faster(judged, best, index)
            return self._outcome(judged, best, trial, rows)
        except BaseException:
            _close(judged)
            raise

    def cancel(self) -> None:
        """Let what is being opened fail soon. Any thread."""
        for backend in self._backends:
            backend.cancel()

    def _judged(self, index: int, trial: Trial, rows: int) -> Judged:
        known = self._settled.get((index, rows))
        if known is not None:
            return Judged(known, hopeless=True)
        judged = judge(self._backends[index], trial, rows, self._limits)
        if judged.hopeless:
            self._settled[index, rows] = judged.verdict
        return judged

    def _faster(self, judged: list[Judged], best: int | None, index: int) -> int | None:
        """The better of both; the other one is closed."""
        if judged[index].group is None:
            return best
        if best is None:
            return index
        slower, faster = sorted((best, index), key=lambda i: -median_ms(judged[i].verdict))
        _close([judged[slower]])
        return faster

    def _outcome(
        self, judged: list[Judged], best: int | None, trial: Trial, rows: int
    ) -> Best | Nobody:
        group = None if best is None else judged[best].group
        refused = [*self._never, *(one.verdict for one in judged if not one.verdict.accepted)]
        told = [f"{verdict.name}: {verdict.reason}" for verdict in refused]
        if best is None or group is None:
            retry = any(not one.hopeless for one in judged)
            return Nobody("; ".join(told) or "there is no other backend", retry)
        verdict, own = judged[best].verdict, processor_verdict(trial)
        if self._named:
            return Best(verdict.name, group, f"{verdict.reason}; {compared(verdict, own)}")
        choice = pick([own, verdict], self._limits.gain)
        reason = "; ".join([choice.reason, *told])
        if choice.name != PROCESSOR:
            return Best(verdict.name, group, reason)
        group.close()
        self._settled[best, rows] = Verdict(verdict.name, False, choice.reason)
        return Nobody(reason, retry=False)


def _close(judged: list[Judged]) -> None:
    for one in judged:
        if one.group is not None:
            one.group.close()
