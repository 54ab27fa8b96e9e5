"""Many simulated streams through the whole recogniser, in real time."""

from benchmarks.engines.contenders import on_rows, random_joints
from benchmarks.engines.pacing import PacedTimes, run_paced
from benchmarks.gpu.options import GpuOptions
from benchmarks.gpu.own_process import Report
from benchmarks.gpu.serving import served_by, until_served
from benchmarks.report import percentiles
from engine.clock import SystemClock
from engine.serving.backend_spec import BackendSpec
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL, GraphConfig, GraphRecognizer

TICK_TARGET_MS = 5.0

_PAUSE_S = 0.01


def recogniser_streams(spec: BackendSpec, options: GpuOptions, report: Report) -> None:
    """Run the shipped recogniser; see `Part`.

    The figures of a tick are those of relations, network, fusion and view of all streams; those of
    the network are what of that is spent in the backend, its pipe included.
    """
    what = f"{spec.use}: {options.streams} streams through the recogniser"
    with (
        report.gaps.unless_it_runs(what),
        served_by(spec, read_model(SHIPPED_MODEL).graph) as runner,
    ):
        recogniser = GraphRecognizer(GraphConfig(), None, lambda _: runner)
        recogniser.reserve(options.streams)
        tick = on_rows(recogniser.step, random_joints(options.streams))
        report.figures["took_over_after_s"] = until_served(runner, spec.name, tick, _PAUSE_S)
        before, times = len(runner.changes), PacedTimes()
        runner.took_ms.clear()
        runner.without_outputs = 0
        count = max(1, round(options.streams_s * recogniser.rate_hz))
        run_paced(tick, recogniser.rate_hz, count, SystemClock(), times)
        report.figures |= {
            "streams": options.streams,
            "rate_hz": recogniser.rate_hz,
            "tick": times.figures(recogniser.rate_hz, TICK_TARGET_MS),
            "network": percentiles(runner.took_ms),
            "ticks_without_outputs": runner.without_outputs,
            "changed_meanwhile": [change.reason for change in runner.changes[before:]],
        }
