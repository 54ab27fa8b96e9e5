"""Which backend is to run a graph, and why."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.errors import DeviceError, FidgetError, ModelError
from engine.serving.backend_spec import BackendSpec
from engine.serving.engine_group import EngineGroup
from engine.serving.hosted import HostedBackend
from engine.serving.limits import ServingLimits
from engine.serving.trial import Trial

PROCESSOR = "onnxruntime"
"""The backend that is always there and that the others are compared with."""

AUTO = "auto"


@dataclass(frozen=True)
class Verdict:
    """What was found about a backend.

    Attributes:
        name: The backend.
        accepted: Whether it may serve: present, healthy and in parity.
        reason: Why, or why not; for people.
        step_ms_p50: Median of a tick of all streams; None when it was not timed.
        step_ms_p99: The 99th percentile.
        max_error: Largest difference of its outputs from the processor's; None when it did not
            come so far.
        mean_error: Mean of the differences.
    """

    name: str
    accepted: bool
    reason: str
    step_ms_p50: float | None = None
    step_ms_p99: float | None = None
    max_error: float | None = None
    mean_error: float | None = None


@dataclass(frozen=True)
class Judged:
    """A verdict and what it leaves behind.

    Attributes:
        verdict: The verdict.
        group: The engines, open and empty, if it was accepted.
        hopeless: If not: whether it would be the same next time, after some work.
    """

    verdict: Verdict
    group: EngineGroup | None = None
    hopeless: bool = False


@dataclass(frozen=True)
class Choice:
    """Which backend is to serve.

    Attributes:
        name: The backend.
        reason: Why, in words.
    """

    name: str
    reason: str


def judge(backend: HostedBackend, trial: Trial, rows: int, limits: ServingLimits) -> Judged:
    """Open a backend's engines in a process of their own, compare and time them.

    Nothing that the backend does there can harm this process; takes at most the bounds of opening
    and of each step. Only `refusal` is asked here, which is cheap and safe by contract.

    Args:
        backend: The backend.
        trial: What it is judged by.
        rows: How many its engines are to have, at least as many as are timed.
        limits: What is asked of it.
    """
    name = backend.spec.use
    refusal = backend.refusal()
    if refusal:
        return Judged(Verdict(name, False, refusal))
    group = EngineGroup(backend, trial.graph)
    try:
        group.reserve(rows)
        verdict = _tried(name, group, trial, limits)
    except (ModelError, DeviceError) as error:
        group.close()
        return Judged(Verdict(name, False, str(error)), hopeless=isinstance(error, ModelError))
    except BaseException:
        group.close()
        raise
    if not verdict.accepted:
        group.close()
        return Judged(verdict, hopeless=True)
    return Judged(verdict, group)


def _tried(name: str, group: EngineGroup, trial: Trial, limits: ServingLimits) -> Verdict:
    found = trial.compare(group)
    allowed = limits.tolerance_of(trial.graph.precision)
    differs = f"differs from {PROCESSOR} by up to {found.largest:.1g} ({found.mean:.1g} on average)"
    if not (found.largest <= allowed.largest and found.mean <= allowed.mean):
        reason = f"{differs}; allowed are {allowed.largest:g} and {allowed.mean:g}"
        return Verdict(name, False, reason, max_error=found.largest, mean_error=found.mean)
    times = trial.time(group)
    return Verdict(name, True, differs, times.p50, times.p99, found.largest, found.mean)


def pick(verdicts: Iterable[Verdict], gain: float) -> Choice:
    """The fastest that is accepted, if it is worth it; else the processor.

    Args:
        verdicts: One of them of the processor.
        gain: By what part of the processor's time the fastest must be faster.
    """
    timed = [v for v in verdicts if v.accepted and v.step_ms_p50 is not None]
    own = next((v for v in timed if v.name == PROCESSOR), None)
    others = [v for v in timed if v.name != PROCESSOR]
    if own is None or not others:
        return Choice(PROCESSOR, "no other backend can be used")
    best = min(others, key=median_ms)
    if median_ms(best) <= (1.0 - gain) * median_ms(own):
        return Choice(best.name, f"the fastest in parity: {compared(best, own)}")
    return Choice(PROCESSOR, f"nothing is at least {gain:.0%} faster: {compared(best, own)}")


def compared(one: Verdict, other: Verdict) -> str:
    """What both take, in words."""
    return " against ".join(f"{v.name} {median_ms(v):.2f} ms" for v in (one, other))


def median_ms(verdict: Verdict) -> float:
    """What it takes; endless if that was not measured."""
    return math.inf if verdict.step_ms_p50 is None else verdict.step_ms_p50


def processor_verdict(trial: Trial) -> Verdict:
    """The processor's own, run in this process.

    Raises:
        ModelError: It cannot run the graph.
    """
    times = trial.processor_times
    return Verdict(PROCESSOR, True, "the reference", times.p50, times.p99, 0.0, 0.0)


def hosted(spec: BackendSpec, limits: ServingLimits) -> HostedBackend:
    """A backend in processes of its own, within the limits.

    Raises:
        PluginError, ConfigError: See `BackendSpec.make`.
    """
    return HostedBackend(spec, bound_ms=limits.bound_ms, open_within_s=limits.open_within_s)


def survey(specs: Sequence[BackendSpec], trial: Trial, limits: ServingLimits) -> list[Verdict]:
    """A verdict for each backend, one after the other; nothing stays open.

    The processor is tried in a process of its own, too, before it is run in this one: where it
    cannot, nobody can be compared.
    """
    own = _closed(BackendSpec(PROCESSOR), trial, limits)
    others = [spec for spec in specs if spec != BackendSpec(PROCESSOR)]
    if not own.accepted:
        reason = f"{PROCESSOR} does not run here, so nothing can be compared with it"
        return [own, *(Verdict(spec.use, False, reason) for spec in others)]
    return [processor_verdict(trial), *(_closed(spec, trial, limits) for spec in others)]


def _closed(spec: BackendSpec, trial: Trial, limits: ServingLimits) -> Verdict:
    try:
        judged = judge(hosted(spec, limits), trial, trial.streams, limits)
    except FidgetError as error:
        return Verdict(spec.use, False, str(error))
    if judged.group is not None:
        judged.group.close()
    return judged.verdict
