"""Whether a model in another precision may serve: what its report says, and what is allowed."""

import logging

from engine.backends import GraphRunner, RunGraph
from engine.errors import ModelError
from engine.onnx_file import digest_without
from engine.serving.limits import VariantTolerance
from engine.step_graph import StepGraph
from engine.variant import VARIANT_KEY, Parity

logger = logging.getLogger(__name__)


def doubt(graph: StepGraph, tolerance: VariantTolerance) -> str:
    """Why a graph may not serve unasked; empty if nothing speaks against it.

    An original is beyond doubt. A variant needs a report, made of this very file, that shows it
    within the tolerance.
    """
    variant = graph.variant
    if variant is None:
        return ""
    if variant.file != digest_without(graph.onnx, VARIANT_KEY):
        return "its parity report is of another file"
    if variant.parity is None:
        return "it has no parity report"
    return _beyond(variant.parity, tolerance)


def guarded(run_graph: RunGraph, tolerance: VariantTolerance, *, named: bool) -> RunGraph:
    """Refuse graphs that are in doubt, or warn of them.

    Args:
        run_graph: Runs the others.
        tolerance: Of variants.
        named: Whether the user chose the backend: then it is run, with a warning.
    """

    def run(graph: StepGraph) -> GraphRunner:
        why = doubt(graph, tolerance)
        if why and not named:
            raise ModelError(
                f"{graph.name}: `auto` does not serve this {graph.precision} variant, as {why}; "
                "name a backend, or use the model that it was made from"
            )
        if why:
            logger.warning("%s: this %s variant is served although %s", graph.name,
                           graph.precision, why)  # fmt: skip
        return run_graph(graph)

    return run


def _beyond(found: Parity, allowed: VariantTolerance) -> str:
    if found.events < allowed.events:
        return f"it was judged on {found.events} events, expected {allowed.events} or more"
    if found.agreement < allowed.agreement:
        return (
            f"its events agree with those of its original by {found.agreement:.3f}, expected "
            f"{allowed.agreement:g} or more"
        )
    if not found.score_mean <= allowed.score_mean:
        return (
            f"its scores differ from those of its original by {found.score_mean:g} on average, "
            f"allowed are {allowed.score_mean:g}"
        )
    return ""
