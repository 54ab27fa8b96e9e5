"""A variant is written with a report that really compares it with its original."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from engine.errors import ModelError, UsageError
from engine.onnx_file import digest_without, properties
from engine.serving.limits import ServingLimits
from engine.serving.variants import doubt
from engine.variant import VARIANT_KEY, Precision
from plugins.recognizers.graph.metadata import METADATA_KEY
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL
from tests.fakes.variants import PRECISIONS
from tests.recognizers.graph.models import export_random
from tests.training.precision.networks import people
from training.precision.make import make_variant
from training.precision.material import recorded, simulated
from training.precision.parity import compared, told

CALIBRATION, JUDGED = [people(1, 40, seed=3)], [people(3, 60)]
SAMPLE = Path(__file__).parents[3] / "samples" / "sample.mcap"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("make") / "original.onnx"
    export_random(path)
    return path


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_variant_says_where_it_comes_from(
    original: Path, precision: Precision, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "variant.onnx"
    variant = make_variant(original, precision, out, CALIBRATION, JUDGED)
    model = read_model(out)
    assert model.graph.variant == variant
    assert model.graph.precision == precision
    assert variant.made_from == read_model(original).graph.digest
    assert variant.file == digest_without(out.read_bytes(), VARIANT_KEY)
    assert bool(variant.calibration) == (precision == "int8")
    before, after = (properties(path.read_bytes()) for path in (original, out))
    assert after[METADATA_KEY] == before[METADATA_KEY]
    assert set(after) == {METADATA_KEY, VARIANT_KEY}


def test_the_same_gives_the_same_bytes(original: Path, tmp_path: Path) -> None:
    for name in ("a.onnx", "b.onnx"):
        make_variant(original, "int8", tmp_path / name, CALIBRATION, JUDGED)
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()


def test_its_report_is_of_what_really_differs(original: Path, tmp_path: Path) -> None:
    out = tmp_path / "variant.onnx"
    parity = make_variant(original, "bf16", out, [], JUDGED).parity
    assert parity is not None
    ours, theirs = (told(path, JUDGED[0].sequences) for path in (out, original))
    assert parity.ticks == len(ours.outputs) == 180
    assert parity.output_largest == pytest.approx(
        np.abs(ours.outputs - theirs.outputs).max(), rel=0.01
    )
    assert 0 < parity.score_mean < parity.score_largest < parity.output_largest
    assert parity.material == ("3 drifting people",)
    assert parity.ran_on.startswith("onnxruntime ")


def test_sequences_of_different_lengths_do_not_mix(original: Path) -> None:
    long, short = people(1, 60).sequences[0], people(1, 25, seed=1).sequences[0]
    both = told(original, [short, long])
    alone = [told(original, [one]) for one in (short, long)]
    np.testing.assert_allclose(
        both.outputs, np.concatenate([one.outputs for one in alone]), atol=1e-5
    )
    np.testing.assert_allclose(
        both.scores, np.concatenate([one.scores for one in alone]), atol=1e-5
    )


def test_events_are_counted_where_the_shipped_model_finds_some(tmp_path: Path) -> None:
    same = compared(SHIPPED_MODEL, SHIPPED_MODEL, [simulated(3)])
    assert same.events == same.events_of_variant == same.events_shared > 5
    assert same.output_largest == same.score_largest == same.largest_end_shift_s == 0.0
    deaf = tmp_path / "deaf.onnx"
    model = onnx.load(SHIPPED_MODEL)
    for tensor in model.graph.initializer:
        if tensor.name == "network.heads.0.weight":
            tensor.raw_data = bytes(len(tensor.raw_data))
    deaf.write_bytes(model.SerializeToString())
    other = compared(deaf, SHIPPED_MODEL, [simulated(3)])
    assert other.events == same.events
    assert other.agreement < 0.5
    assert other.output_largest > 1.0


def test_a_recording_brings_the_ticks_that_the_recogniser_had() -> None:
    material = recorded(SAMPLE)
    assert material.name == "sample.mcap"
    assert material.ticks > 1000
    for sequence in material.sequences:
        assert sequence.shape[1:] == (75, 4)
    assert told(SHIPPED_MODEL, material.sequences).events[0]


def test_simulated_people_are_the_same_each_time() -> None:
    one, other = simulated(2), simulated(2)
    for a, b in zip(one.sequences, other.sequences, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_variant_of_a_random_network_is_in_doubt(original: Path, tmp_path: Path) -> None:
    out = tmp_path / "variant.onnx"
    make_variant(original, "fp16", out, [], JUDGED)
    assert "events" in doubt(read_model(out).graph, ServingLimits().variant)


def test_a_variant_of_a_variant_is_refused(original: Path, tmp_path: Path) -> None:
    out = tmp_path / "variant.onnx"
    make_variant(original, "fp16", out, [], JUDGED)
    with pytest.raises(ModelError, match="is a variant in fp16: give the model"):
        make_variant(out, "int8", tmp_path / "again.onnx", CALIBRATION, JUDGED)


def test_a_place_that_cannot_be_written_is_named(original: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        make_variant(original, "fp16", tmp_path, [], JUDGED)
