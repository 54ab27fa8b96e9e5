"""What a difference counts."""

from pathlib import Path

import numpy as np
import pytest

import training.pose_onnx.check as checking
from engine.errors import ModelError, UsageError
from engine.poses import F32
from training.pose_onnx.check import Difference, check, check_openvino, differences
from training.pose_onnx.networks import NETWORKS, Output, Unit


def apart(unit: Unit, ours: list[float], theirs: list[float]) -> Difference:
    rows: list[F32] = [np.array([row], np.float32) for row in (ours, theirs)]
    (found,) = differences(Output("told", (unit,)), 200, *rows)
    return found


def test_pixels_count_as_a_part_of_the_side() -> None:
    found = apart(Unit.PX, [10.0, 50.5], [10.0, 50.0])
    assert (found.largest, found.part) == (0.5, 0.0025)
    assert not found.within


@pytest.mark.parametrize("unit", [Unit.METRE, Unit.PROBABILITY])
def test_metres_and_probabilities_count_as_they_are(unit: Unit) -> None:
    found = apart(unit, [0.5, 0.25], [0.5, 0.75])
    assert (found.largest, found.part) == (0.5, 0.5)


def test_logits_count_as_probabilities() -> None:
    found = apart(Unit.LOGIT, [0.01, 90.0], [0.0, 90.0])
    assert found.largest == pytest.approx(0.01)
    assert found.part == pytest.approx(0.0025, rel=1e-3)


def test_or_as_a_part_of_the_largest_where_no_probability_can_tell() -> None:
    found = apart(Unit.LOGIT, [0.0, -90.9], [0.0, -90.0])
    assert found.part == pytest.approx(0.01, rel=1e-3)


def test_numbers_of_different_units_in_one_output_are_told_apart() -> None:
    output = Output("told", (Unit.PX, Unit.LOGIT))
    ours, theirs = np.zeros((1, 2, 4), np.float32), np.zeros((1, 2, 4), np.float32)
    ours[0, 1, 2] = 2.0
    pixels, logits = differences(output, 100, ours, theirs)
    assert (pixels.unit, pixels.part) == (Unit.PX, 0.02)
    assert (logits.unit, logits.part) == (Unit.LOGIT, 0.0)


@pytest.mark.parametrize("unit", Unit)
def test_nan_is_never_within(unit: Unit) -> None:
    assert not apart(unit, [np.nan, 0.0], [0.0, 0.0]).within


def test_other_shapes_are_refused() -> None:
    rows = np.zeros((1, 3), np.float32), np.zeros((1, 4), np.float32)
    with pytest.raises(ModelError, match=r"told: expected \(1, 4\), got \(1, 3\)"):
        differences(Output("told", (Unit.PX,)), 200, *rows)


def test_what_no_runtime_can_run_is_refused(tmp_path: Path) -> None:
    network = NETWORKS["hand_recrop"]
    with pytest.raises(ModelError, match="onnxruntime cannot run what was converted"):
        check(network, tmp_path, b"nothing", {"points": "x"})


def test_openvino_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="pip install openvino"):
        check_openvino()
