"""What a step of each variant of the shipped model costs, and how like the original it is.

All variants and backends take turns in one process, so that whatever else the machine does hits
all of them.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import msgspec
import numpy as np

import run_stream
from benchmarks.report import Result, percentiles
from engine import registry
from engine.backends import Backend
from engine.step_graph import StepGraph
from engine.variant import Parity, Precision
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL
from training.precision.make import make_variant
from training.precision.material import recorded, simulated

STREAMS = (1, 64)
_ROUNDS = 20
_WARM_UP = 20

_Case = tuple[str, str, int]
"""Precision, backend and number of streams."""


def precision(steps: int) -> Result:
    """Make every variant, judge it and time it.

    Args:
        steps: Ticks of one stream to time; of many streams as many less.

    Returns:
        For each precision its size and parity, and milliseconds of a step by backend and streams.
    """
    reports: dict[str, Parity | None] = {"fp32": None}
    graphs = {"fp32": read_model(SHIPPED_MODEL).graph}
    calibration, judged_on = [recorded(run_stream.SAMPLE)], [simulated()]
    with tempfile.TemporaryDirectory() as folder:
        for to in get_args(Precision):
            path = Path(folder, f"{to}.onnx")
            variant = make_variant(SHIPPED_MODEL, to, path, calibration, judged_on)
            graphs[to], reports[to] = read_model(path).graph, variant.parity
    times = _in_turns(graphs, steps)
    result: Result = {
        "model": graphs["fp32"].digest[:16],
        "calibrated_on": [one.name for one in calibration],
        "variants": {
            to: {
                "bytes": len(graph.onnx),
                "parity": _parity(reports[to]),
                "step_ms": _by_backend(times, to),
            }
            for to, graph in graphs.items()
        },
    }
    print(_table(result), file=sys.stderr)
    return result


def _parity(found: Parity | None) -> Result | None:
    if found is None:
        return None
    return {"agreement": round(found.agreement, 4), **msgspec.structs.asdict(found)}


def _in_turns(graphs: dict[str, StepGraph], steps: int) -> dict[_Case, list[float]]:
    calls = {
        (to, name, streams): _stepping(backend, graph, streams)
        for name, backend in _backends().items()
        for to, graph in graphs.items()
        for streams in STREAMS
    }
    times: dict[_Case, list[float]] = {case: [] for case in calls}
    for _ in range(_ROUNDS):
        for case, call in calls.items():
            for _ in range(max(1, steps // case[-1] // _ROUNDS)):
                start = time.perf_counter()
                call()
                times[case].append((time.perf_counter() - start) * 1e3)
    return times


def _backends() -> dict[str, Backend]:
    """Those of the processor that can be used here."""
    made = {name: registry.create("backends", name, {}) for name in registry.names("backends")}
    return {n: one for n, one in made.items() if not one.accelerator and not one.refusal()}


def _stepping(backend: Backend, graph: StepGraph, streams: int) -> Callable[[], None]:
    """A tick of random joints for all streams, warmed up."""
    engine = backend.open(graph, streams)
    engine.x[:] = np.random.default_rng(0).normal(0, 0.3, engine.x.shape)
    active = np.arange(engine.streams) < streams
    for _ in range(_WARM_UP):
        engine.step(active)
    return lambda: engine.step(active)


def _by_backend(times: dict[_Case, list[float]], to: str) -> Result:
    found: Result = {}
    for (precision, backend, streams), values in times.items():
        if precision == to:
            found.setdefault(backend, {})[str(streams)] = percentiles(values)
    return found


def _table(result: Result) -> str:
    """For `docs/recognition.md`."""
    backends = list(result["variants"]["fp32"]["step_ms"])
    costs = [f"{name}, {streams}" for name in backends for streams in STREAMS]
    heads = ["", "MB", "events agree", "scores differ, mean", "logits differ, mean", *costs]
    rows = [heads, ["---"] * len(heads)]
    for to, found in result["variants"].items():
        parity = found["parity"] or {"agreement": 1, "score_mean": 0, "output_mean": 0}
        p50s = [found["step_ms"][name][str(n)]["p50"] for name in backends for n in STREAMS]
        rows.append(
            [
                to,
                f"{found['bytes'] / 1e6:.2f}",
                f"{parity['agreement']:.3f}",
                f"{parity['score_mean']:.1g}",
                f"{parity['output_mean']:.1g}",
                *(f"{p50:.2f}" for p50 in p50s),
            ]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
