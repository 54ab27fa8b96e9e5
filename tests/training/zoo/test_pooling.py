"""One vector of the ticks that count."""

import pytest
import torch

from training.zoo.pooling import Pooling, pooled

EVERY = pytest.mark.parametrize("kind", list(Pooling))


def ramp(ticks: int) -> torch.Tensor:
    """`(1, T, 2)`: 0, 1, 2, … and its negative."""
    ticks_ = torch.arange(float(ticks)).reshape(1, -1, 1)
    return torch.cat((ticks_, -ticks_), dim=2)


@EVERY
def test_ticks_that_do_not_count_change_nothing(kind: Pooling) -> None:
    whole = pooled(ramp(8), torch.ones(1, 8, dtype=torch.bool), kind)
    wide = torch.full((1, 12, 2), 7.0)
    places = torch.tensor([0, 1, 3, 4, 6, 7, 8, 10])
    wide[:, places] = ramp(8)
    seen = torch.zeros(1, 12, dtype=torch.bool)
    seen[:, places] = True
    torch.testing.assert_close(pooled(wide, seen, kind), whole)
    assert whole.shape == (1, kind.width(2))


@EVERY
def test_of_nothing_it_is_nothing(kind: Pooling) -> None:
    vector = pooled(ramp(5), torch.zeros(1, 5, dtype=torch.bool), kind)
    assert vector.abs().max() <= 1e-3


def test_the_mean_is_that_of_the_encoders() -> None:
    vector = pooled(ramp(5), torch.ones(1, 5, dtype=torch.bool), Pooling.MEAN)
    torch.testing.assert_close(vector, torch.tensor([[2.0, -2.0]]))


def test_moments_are_mean_spread_and_last() -> None:
    seen = torch.tensor([[True, True, True, False]])
    vector = pooled(ramp(4), seen, Pooling.MOMENTS)[0]
    spread = (2.0 / 3.0) ** 0.5
    expected = torch.tensor([1.0, -1.0, spread, spread, 2.0, -2.0])
    torch.testing.assert_close(vector, expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("ticks", "means"), [(4, [0, 1, 2, 3]), (8, [0.5, 2.5, 4.5, 6.5]), (2, [0, 0, 1, 1])]
)
def test_quarters_come_in_their_order(ticks: int, means: list[float]) -> None:
    vector = pooled(ramp(ticks)[..., :1], torch.ones(1, ticks, dtype=torch.bool), Pooling.PARTS)
    torch.testing.assert_close(vector[0], torch.tensor(means, dtype=torch.float32))
