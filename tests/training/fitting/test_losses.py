import numpy as np
import pytest
import torch

from training.fitting.config import LossConfig
from training.fitting.losses import Criterion, class_weights
from training.labels import CLASS_COUNT, GROUP_COUNT, GROUP_OF, IGNORE, NONE_INDEX
from training.network.outputs import Outputs

COUNTS = np.full(CLASS_COUNT, 100, np.int64)
COUNTS[NONE_INDEX] = 10_000
COUNTS[4] = 0
PLAIN = {"weighting": "none", "smoothing": 0.0, "steadiness": 0.0}


def outputs(labels: torch.Tensor, sure: float) -> Outputs:
    known = labels.clamp(min=0)
    group = torch.tensor(GROUP_OF)[known]
    return Outputs(
        sure * torch.eye(CLASS_COUNT)[known],
        sure * torch.eye(GROUP_COUNT)[group],
        torch.zeros(*labels.shape, 2),
    )


def criterion(**config: object) -> Criterion:
    return Criterion(LossConfig(**config), COUNTS, torch.device("cpu"))  # type: ignore[arg-type]


@pytest.mark.parametrize("weighting", ["sqrt", "effective"])
def test_rare_classes_weigh_more_and_the_mean_tick_weighs_one(weighting: str) -> None:
    config = LossConfig(weighting=weighting, heaviest=8.0)  # type: ignore[arg-type]
    weights = class_weights(COUNTS, config)
    assert weights[0] > 2 * weights[NONE_INDEX]
    assert weights.max() / weights.min() == pytest.approx(8.0)
    assert (weights * COUNTS).sum() / COUNTS.sum() == pytest.approx(1.0, abs=1e-3)


def test_no_weighting_is_no_weighting() -> None:
    assert (class_weights(COUNTS, LossConfig(weighting="none")) == 1).all()


def test_right_and_sure_costs_nothing_wrong_and_sure_a_lot() -> None:
    labels = torch.tensor([[1, 2, NONE_INDEX]])
    bounds = torch.full((1, 3, 2), -1.0)
    right = criterion(**PLAIN)(outputs(labels, 50.0), labels, bounds)
    wrong = criterion(**PLAIN)(outputs(labels + 0, 50.0), labels.roll(1), bounds)
    assert right.total.item() < 1e-6
    assert wrong.classes.item() > 40


def test_ignored_ticks_do_not_count() -> None:
    labels = torch.tensor([[1, IGNORE, 2]])
    said = outputs(labels, 5.0)
    said.class_logits[0, 1] = 1e4
    said.class_logits[0, 1, 9] = -1e4
    losses = criterion(weighting="none", smoothing=0.0)(said, labels, torch.zeros(1, 3, 2))
    assert losses.classes.item() < 0.5
    assert losses.steadiness.item() == 0.0


def test_nothing_to_learn_is_zero_not_nan() -> None:
    labels = torch.full((2, 5), IGNORE)
    losses = criterion()(outputs(labels, 1.0), labels, torch.full((2, 5, 2), -1.0))
    assert losses.total.item() == 0.0


def test_a_boundary_weighs_more_than_none() -> None:
    labels = torch.full((1, 2), IGNORE)
    said = outputs(labels, 0.0)
    said.bounds_logits[0, 0, 0] = -3.0  # misses a start
    missed = criterion()(said, labels, torch.tensor([[[1.0, 0], [0, 0]]])).bounds
    said = outputs(labels, 0.0)
    said.bounds_logits[0, 0, 0] = 3.0  # makes one up
    made_up = criterion()(said, labels, torch.zeros(1, 2, 2)).bounds
    assert missed > made_up


def test_jumping_costs_and_standing_still_does_not() -> None:
    labels = torch.zeros(1, 4, dtype=torch.int64)
    bounds = torch.full((1, 4, 2), -1.0)
    still = outputs(labels, 5.0)
    jumping = outputs(torch.tensor([[0, 1, 0, 1]]), 5.0)
    assert criterion()(still, labels, bounds).steadiness.item() == 0.0
    assert criterion()(jumping, labels, bounds).steadiness.item() > 0.5


def test_logit_adjustment_asks_more_of_rare_classes() -> None:
    labels = torch.tensor([[1, NONE_INDEX]])
    bounds = torch.full((1, 2, 2), -1.0)
    rare, common = labels[:, :1], labels[:, 1:]
    adjusted = criterion(**PLAIN, logit_adjustment=1.0)
    assert (
        adjusted(outputs(rare, 2.0), rare, bounds[:, :1]).classes
        > adjusted(outputs(common, 2.0), common, bounds[:, :1]).classes
    )
