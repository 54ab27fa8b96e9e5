"""Gestures staged before cameras of a chosen height are counted as they were found."""

import msgspec
import pytest
import torch

from engine.config import ClassDecoderConfig
from plugins.recognizers.graph.relations import CHANNELS
from tests.training.network.nets import SMALL
from training.fitting.calibration import Calibration
from training.fitting.staged import Found, class_index_of, found_from, table
from training.labels import CLASS_NAMES
from training.network.network import StepNetwork
from training.simulator.scripts import BY_NAME


def network_that_says(name: str, logit: float) -> StepNetwork:
    """Always the same, whatever it sees."""
    torch.manual_seed(0)
    network = StepNetwork(msgspec.structs.replace(SMALL, channels=CHANNELS)).eval()
    head = network.heads[0]
    assert isinstance(head, torch.nn.Linear)
    with torch.no_grad():
        head.weight.zero_()
        head.bias.zero_()
        head.bias[CLASS_NAMES.index(name)] = logit
    return network


def calibrated() -> Calibration:
    points = {"head_up": ClassDecoderConfig(onset=0.5, offset=0.4, min_duration_s=0.12)}
    return Calibration(operating_points=points)


def test_what_is_never_said_is_never_found() -> None:
    found = found_from(network_that_says("none", 9.0), calibrated(), "head_up", 0.0, people=3)
    assert found.shown > 0
    assert (found.found, found.other) == (0, 0)


def test_one_event_over_everything_is_no_find_of_a_short_gesture() -> None:
    found = found_from(network_that_says("head_up", 9.0), calibrated(), "head_up", 0.3, people=3)
    assert found.other == 0
    assert found.found <= found.shown


def test_an_event_of_another_class_counts_beside() -> None:
    found = found_from(network_that_says("fold_arms", 9.0), calibrated(), "head_up", 0.0, people=3)
    assert found.found == 0
    assert found.other == found.shown


def test_a_negative_is_no_gesture() -> None:
    with pytest.raises(ValueError, match="drink"):
        class_index_of(BY_NAME["drink"])


def test_the_table_has_a_row_a_gesture_and_a_column_a_height() -> None:
    text = table([("head_up", [Found(4, 3, 0), Found()])], (-0.3, 0.6))
    assert text.splitlines()[0] == "| gesture | -0.3 m | +0.6 m |"
    assert text.splitlines()[-1] == "| head_up | 0.75 (3/4) | - |"
