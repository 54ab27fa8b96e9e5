"""Variants of the shipped model, made in no time and judged by nobody."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import onnx

from engine.onnx_file import digest_without
from engine.step_graph import StepGraph
from engine.variant import VARIANT_KEY, Parity, Precision, Variant, encode
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL
from training.precision.half import in_half
from training.precision.int8 import in_int8, quantised_inputs

PRECISIONS: tuple[Precision, ...] = ("fp16", "bf16", "int8")
SHIPPED = read_model(SHIPPED_MODEL).graph

GOOD = Parity(
    ran_on="a test",
    material=("nothing",),
    ticks=1000,
    output_largest=0.1,
    output_mean=0.01,
    score_largest=0.1,
    score_mean=0.0001,
    events=100,
    events_of_variant=101,
    events_shared=100,
    largest_start_shift_s=0.04,
    largest_end_shift_s=0.08,
)
"""A report that is within the tolerance."""


@cache
def variant_graph(precision: Precision, parity: Parity | None = None) -> StepGraph:
    model = _in(precision)
    file = digest_without(model.SerializeToString(deterministic=True), VARIANT_KEY)
    variant = Variant(precision=precision, made_from=SHIPPED.digest, file=file, parity=parity)
    model.metadata_props.add(key=VARIANT_KEY, value=encode(variant))
    content = model.SerializeToString(deterministic=True)
    return replace(SHIPPED, name=f"{precision}.onnx", onnx=content, variant=variant)


def variant_file(folder: Path, precision: Precision, parity: Parity | None = None) -> Path:
    path = folder / f"{precision}.onnx"
    path.write_bytes(variant_graph(precision, parity).onnx)
    return path


def _in(precision: Precision) -> onnx.ModelProto:
    model = onnx.load_model_from_string(SHIPPED.onnx)
    if precision == "int8":
        return in_int8(model, dict.fromkeys(quantised_inputs(model), 60.0))
    return in_half(model, precision)
