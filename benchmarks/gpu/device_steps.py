"""Steps of a backend for each number of streams: in parity, back to back, paced, behind a pipe."""

from benchmarks.engines.contenders import Contender, backend_step
from benchmarks.engines.pacing import PacedTimes, pace_name, run_paced
from benchmarks.engines.turns import in_turns
from benchmarks.gpu.device import memory_mb
from benchmarks.gpu.options import GpuOptions
from benchmarks.gpu.own_process import Report
from benchmarks.report import Result
from engine.backends import Backend
from engine.clock import NS_PER_S, SystemClock
from engine.serving.backend_spec import BackendSpec
from engine.serving.choice import PROCESSOR, hosted
from engine.serving.engine_group import EngineGroup
from engine.serving.limits import ServingLimits
from engine.serving.trial import Trial
from engine.step_graph import StepGraph
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL

_PACES_HZ = (30.0, 60.0)
_STEP_DEADLINE_MS = 1.0


def device_steps(spec: BackendSpec, options: GpuOptions, report: Report) -> None:
    """Measure the shipped network on one backend; see `Part`."""
    graph = read_model(SHIPPED_MODEL).graph
    for streams in options.sizes:
        figures = report.figures[str(streams)] = {}
        of_streams = f"{spec.use}: steps of {streams} streams"
        with report.gaps.unless_it_runs(of_streams):
            _in_process(spec, graph, streams, options, figures)
        report.keep()
        with report.gaps.unless_it_runs(f"{of_streams}, hosted"):
            figures["hosted"] = _hosted(spec, graph, streams, options)
        report.keep()


def _in_process(
    spec: BackendSpec, graph: StepGraph, streams: int, options: GpuOptions, figures: Result
) -> None:
    """Open it, time it, open it again and compare it with the processor."""
    backend, clock, before_mb = spec.make(), SystemClock(), memory_mb()
    begin_ns = clock.now_ns()
    with backend_step(spec.use, backend, graph, streams) as step:
        figures["open_s"] = _seconds_since(begin_ns)
        figures["device_memory_mb"] = _more_than(before_mb)
        figures["back_to_back"] = _back_to_back(step, options.steps, options.seconds, streams)
        for rate_hz in _PACES_HZ:
            figures[pace_name(rate_hz)] = _paced(step, rate_hz, options.paced_s)
    figures |= _parity(backend, graph, streams)


def _hosted(spec: BackendSpec, graph: StepGraph, streams: int, options: GpuOptions) -> Result:
    """As the engine runs it: in a process of its own, through a pipe."""
    with backend_step(spec.use, hosted(spec, ServingLimits()), graph, streams) as step:
        return _back_to_back(step, options.hosted_steps, options.seconds, streams)


def _back_to_back(step: Contender, steps: int, seconds: float, streams: int) -> Result:
    return in_turns([step], steps, seconds)[step.name].figures(streams)


def _paced(step: Contender, rate_hz: float, seconds: float) -> Result:
    times = PacedTimes()
    run_paced(step.tick, rate_hz, max(1, round(seconds * rate_hz)), SystemClock(), times)
    return times.figures(rate_hz, _STEP_DEADLINE_MS)


def _parity(backend: Backend, graph: StepGraph, streams: int) -> Result:
    """Differences from the processor, by the trial that decides whether a backend may serve."""
    clock = SystemClock()
    trial = Trial(graph, BackendSpec(PROCESSOR).make(), streams, clock)
    group, allowed = EngineGroup(backend, graph), ServingLimits().tolerance_of(graph.precision)
    begin_ns = clock.now_ns()
    try:
        group.reserve(streams)
        again_s = _seconds_since(begin_ns)
        found = trial.compare(group)
    finally:
        group.close()
    return {
        "open_again_s": again_s,
        "parity": {
            "largest": float(f"{found.largest:.3g}"),
            "mean": float(f"{found.mean:.3g}"),
            "allowed": {"largest": allowed.largest, "mean": allowed.mean},
            "kept": found.largest <= allowed.largest and found.mean <= allowed.mean,
        },
    }


def _seconds_since(begin_ns: int) -> float:
    return round((SystemClock().now_ns() - begin_ns) / NS_PER_S, 3)


def _more_than(before_mb: float | None) -> float | None:
    now_mb = memory_mb()
    return None if before_mb is None or now_mb is None else now_mb - before_mb
