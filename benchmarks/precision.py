"""What a step of each variant of the shipped model costs, and how like the original it is.

All variants and backends take turns in one process, so that whatever else the machine does hits
all of them.
"""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import get_args

import msgspec

import run_stream
from benchmarks.engines.contenders import backend_step, processor_backends
from benchmarks.engines.turns import in_turns
from benchmarks.report import Result, percentiles
from engine.step_graph import StepGraph
from engine.variant import Parity, Precision
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL
from training.precision.make import make_variant
from training.precision.material import recorded, simulated

STREAMS = (1, 64)
_SECONDS = 5.0

_Case = tuple[str, str, int]
"""Precision, backend and number of streams."""


def precision(steps: int) -> Result:
    """Make every variant, judge it and time it.

    Args:
        steps: Ticks of one stream to time; of many streams as many less, but no fewer than 20.

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
    backends, _ = processor_backends()
    times: dict[_Case, list[float]] = {}
    for streams in STREAMS:
        with ExitStack() as stack:
            made = {
                (to, name, streams): stack.enter_context(
                    backend_step(f"{name} {to}", backend, graph, streams)
                )
                for name, backend in backends.items()
                for to, graph in graphs.items()
            }
            took = in_turns(list(made.values()), steps // streams, _SECONDS)
            times |= {case: took[contender.name].wall for case, contender in made.items()}
    return times


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
