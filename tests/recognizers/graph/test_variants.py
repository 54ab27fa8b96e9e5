"""The recogniser serves a variant like any model, and says its precision."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from engine.errors import ModelError
from engine.serving.plain import plainly
from engine.variant import VARIANT_KEY, Precision
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL, GraphConfig, GraphRecognizer
from tests.fakes.variants import GOOD, PRECISIONS, variant_file
from tests.recognizers.graph.models import person


def recogniser(path: Path) -> GraphRecognizer:
    run_graph = plainly("onnxruntime", OnnxRuntimeBackend(OnnxRuntimeConfig()))
    return GraphRecognizer(GraphConfig(model=str(path)), None, run_graph)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_variant_scores_nearly_what_its_original_scores(
    precision: Precision, tmp_path: Path
) -> None:
    variant, original = recogniser(variant_file(tmp_path, precision)), recogniser(SHIPPED_MODEL)
    x = person(60)
    ours, theirs = (np.stack([model.step(tick) for tick in x]) for model in (variant, original))
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))
    error = np.abs(ours - theirs)
    assert np.nanmax(error) > 0
    assert np.nanmean(error) < 0.01
    for model in (variant, original):
        model.close()


@pytest.mark.parametrize("precision", PRECISIONS)
def test_it_has_its_own_hash_and_says_its_precision(precision: Precision, tmp_path: Path) -> None:
    variant = recogniser(variant_file(tmp_path, precision))
    assert variant.precision == precision
    assert variant.model_hash != recogniser(SHIPPED_MODEL).model_hash
    assert recogniser(SHIPPED_MODEL).precision == ""


def test_its_report_goes_with_its_network(tmp_path: Path) -> None:
    graph = read_model(variant_file(tmp_path, "int8", GOOD)).graph
    assert graph.variant is not None
    assert graph.variant.parity == GOOD
    assert read_model(SHIPPED_MODEL).graph.variant is None


def test_a_variant_with_a_damaged_property_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    model = onnx.load(SHIPPED_MODEL)
    model.metadata_props.add(key=VARIANT_KEY, value="{")
    onnx.save(model, path)
    with pytest.raises(ModelError, match=r"model\.onnx: its 'fidget\.variant' is damaged"):
        read_model(path)
