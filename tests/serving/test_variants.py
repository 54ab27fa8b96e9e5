"""`auto` serves a variant only if its report is of this very file and within the tolerance."""

from dataclasses import replace

import msgspec
import pytest

from engine.backends import GraphRunner
from engine.errors import ModelError
from engine.serving.limits import ServingLimits, Tolerance, VariantTolerance
from engine.serving.plain import PlainRunner
from engine.serving.variants import doubt, guarded
from engine.step_graph import StepGraph
from engine.variant import Parity
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from tests.fakes.variants import GOOD, PRECISIONS, SHIPPED, variant_graph

ALLOWED = VariantTolerance()


def plain(graph: StepGraph) -> GraphRunner:
    return PlainRunner("onnxruntime", OnnxRuntimeBackend(OnnxRuntimeConfig()), graph)


def run(graph: StepGraph, *, named: bool) -> None:
    guarded(plain, ALLOWED, named=named)(graph).close()


def reported(**changes: object) -> StepGraph:
    return variant_graph("int8", msgspec.structs.replace(GOOD, **changes))


@pytest.mark.parametrize("graph", [SHIPPED, variant_graph("fp16", GOOD)])
def test_an_original_and_a_good_variant_are_served(graph: StepGraph) -> None:
    assert doubt(graph, ALLOWED) == ""
    run(graph, named=False)


BAD = [
    (variant_graph("int8"), "it has no parity report"),
    (reported(events_shared=96), "agree with those of its original by 0.955, expected 0.98"),
    (reported(score_mean=0.002), "its scores differ from those of its original by 0.002"),
    (reported(score_mean=float("nan")), "its scores differ"),
    (reported(events=49, events_of_variant=49, events_shared=49), "judged on 49 events"),
]


@pytest.mark.parametrize(("graph", "why"), BAD)
def test_a_doubtful_one_is_refused_in_words(graph: StepGraph, why: str) -> None:
    assert why in doubt(graph, ALLOWED)
    with pytest.raises(ModelError, match=r"int8\.onnx: `auto` does not serve .*name a backend"):
        run(graph, named=False)


def test_a_report_of_another_file_is_none() -> None:
    """Weights or metadata that were changed after the report was made."""
    graph = variant_graph("int8", GOOD)
    for old, new in ((b'"temperature":', b'"Temperature":'), (b"class_logits", b"other_logits")):
        assert old in graph.onnx
        changed = replace(graph, onnx=graph.onnx.replace(old, new))
        assert doubt(changed, ALLOWED) == "its parity report is of another file"


def test_a_named_backend_runs_a_doubtful_one_and_warns(caplog: pytest.LogCaptureFixture) -> None:
    graph, why = BAD[1]
    run(graph, named=True)
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert why in record.getMessage()


def test_a_named_backend_does_not_warn_of_a_good_one(caplog: pytest.LogCaptureFixture) -> None:
    run(variant_graph("int8", GOOD), named=True)
    assert not caplog.records


@pytest.mark.parametrize("found", [GOOD])
def test_the_tolerance_is_that_of_the_limits(found: Parity) -> None:
    strict = VariantTolerance(agreement=found.agreement + 0.001)
    assert doubt(variant_graph("int8", found), strict)


def test_backends_of_a_variant_may_differ_by_more() -> None:
    limits = ServingLimits()
    assert limits.tolerance_of("") == limits.tolerance == Tolerance()
    for precision in PRECISIONS:
        assert limits.tolerance_of(precision).largest > limits.tolerance.largest
