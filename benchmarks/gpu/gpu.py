"""`python -m benchmarks gpu`: everything that only a machine with a GPU can tell, at once."""

from collections.abc import Callable

from benchmarks.engines.targets import at_most
from benchmarks.gpu import device
from benchmarks.gpu.device_steps import device_steps
from benchmarks.gpu.failover import failover
from benchmarks.gpu.gaps import Gaps
from benchmarks.gpu.options import FAILOVER, STEPS, STREAMS, TESTS, GpuOptions
from benchmarks.gpu.own_process import Part, run_part
from benchmarks.gpu.recogniser_streams import TICK_TARGET_MS, recogniser_streams
from benchmarks.gpu.suite import WHAT, gpu_tests
from benchmarks.report import Result, package_versions
from engine import registry
from engine.clock import NS_PER_S, Clock
from engine.errors import FidgetError
from engine.serving.backend_spec import BackendSpec

_PARTS: dict[str, Part] = {
    STEPS: device_steps,
    STREAMS: recogniser_streams,
    FAILOVER: failover,
}
_TOLD = {
    STEPS: "opening, parity, memory and steps, back to back, paced and hosted",
    STREAMS: "streams through the recogniser in real time",
    FAILOVER: "time until the processor takes over from a killed process",
}
_PACKAGES = (
    *("torch", "onnxruntime", "tensorrt", "tensorrt-rtx-cu13", "tensorrt-cu13", "cuda-bindings"),
)
_STEP_TARGET_MS = 0.3
_TOO_SHORT_S = 10.0


def gpu(options: GpuOptions, clock: Clock) -> Result:
    """Run what can be run.

    Returns:
        The device, figures by backend and part, counts of tests, what was asked for beside what
        came out, and in words what could not be run.
    """
    gaps, left_s = Gaps(), _time_left(options.within_s, clock)
    usable = _usable(options, gaps)
    backends: dict[str, Result] = {spec.use: {} for spec in usable}
    for name in [name for name in _PARTS if name in options.parts]:
        for spec in usable:
            what = f"{spec.use}: {_TOLD[name]}"
            limit_s = min(options.limit_s, left_s())
            if limit_s < _TOO_SHORT_S:
                gaps.add(what, f"no time was left of {options.within_s:g} s")
                continue
            found = run_part(what, _PARTS[name], spec, options, gaps, limit_s)
            if found:
                backends[spec.use][name] = found
    tests = _tests(options, bool(usable), gaps, left_s())
    return {
        "device": device.described(),
        "packages": package_versions(_PACKAGES),
        "backends": {name: found for name, found in backends.items() if found},
        "tests": tests,
        "targets": _targets(backends),
        "could_not_run": gaps.told,
    }


def _time_left(within_s: float, clock: Clock) -> Callable[[], float]:
    begin_ns = clock.now_ns()
    return lambda: within_s - (clock.now_ns() - begin_ns) / NS_PER_S


def _usable(options: GpuOptions, gaps: Gaps) -> list[BackendSpec]:
    """Accelerators against which nothing speaks; of the others, what is not known of them."""
    found = []
    for name in options.backends or registry.names("backends"):
        spec = BackendSpec(name)
        try:
            backend = spec.make()
        except FidgetError as error:
            _refuse(spec, str(error), options, gaps)
            continue
        why = backend.refusal() if backend.accelerator else "it runs on the processor"
        if not why:
            found.append(spec)
        elif backend.accelerator or options.backends:
            _refuse(spec, why, options, gaps)
    return found


def _refuse(spec: BackendSpec, why: str, options: GpuOptions, gaps: Gaps) -> None:
    for part in _PARTS:
        if part in options.parts:
            gaps.add(f"{spec.use}: {_TOLD[part]}", why)


def _tests(options: GpuOptions, any_usable: bool, gaps: Gaps, left_s: float) -> Result:
    if TESTS not in options.parts:
        return {}
    if not any_usable:
        gaps.add(WHAT, "no accelerator can be used here")
        return {}
    if left_s < _TOO_SHORT_S:
        gaps.add(WHAT, f"no time was left of {options.within_s:g} s")
        return {}
    return gpu_tests(gaps, left_s)


def _targets(backends: dict[str, Result]) -> list[Result]:
    """For each backend that was measured."""
    found = []
    for name, parts in backends.items():
        steps = parts.get(STEPS, {}).get("1", {})
        tick = parts.get(STREAMS, {}).get("tick", {}).get("took", {})
        many = f"{name}: %s of a tick of {parts.get(STREAMS, {}).get('streams')} streams, ms"
        found += [
            at_most(
                f"{name}: p99 of a step of one stream, ms",
                _STEP_TARGET_MS,
                steps.get("back_to_back", {}).get("p99"),
            ),
            at_most(
                f"{name}: the same, hosted", _STEP_TARGET_MS, steps.get("hosted", {}).get("p99")
            ),
            at_most(many % "p99", TICK_TARGET_MS, tick.get("p99")),
            at_most(many % "p99.9", TICK_TARGET_MS, tick.get("p99.9")),
        ]
    return [target for target in found if target]
