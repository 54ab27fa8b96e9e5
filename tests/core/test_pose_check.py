from dataclasses import replace

import numpy as np
import pytest

from engine.core.pose_check import checked
from engine.errors import ModelError
from engine.poses import F32, NOT_FINITE
from tests.fakes.samples import upright


def test_good_sample_passes_untouched() -> None:
    sample = upright(0)
    assert checked(sample) is sample


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_joints_that_are_not_finite_become_a_stated_reason(bad: float) -> None:
    sample = upright(0)
    sample.joints[3, 1] = bad
    result = checked(sample)
    assert not result.valid
    assert result.reason == NOT_FINITE
    assert result.parts == ()
    assert np.isfinite(result.joints).all()


def test_depth_that_is_not_finite_is_left_out() -> None:
    depth = np.full(75, np.nan, np.float32)
    result = checked(replace(upright(0), depth=depth))
    assert result.valid
    assert result.depth is None


@pytest.mark.parametrize("shape", [(75, 2), (74, 3), (75,)])
def test_wrong_shape_is_a_broken_plugin(shape: tuple[int, ...]) -> None:
    with pytest.raises(ModelError, match="expected"):
        checked(replace(upright(0), joints=np.zeros(shape, np.float32)))


def test_wrong_type_is_a_broken_plugin() -> None:
    with pytest.raises(ModelError, match="float64"):
        checked(replace(upright(0), joints=np.zeros((75, 3), np.float64)))


@pytest.mark.parametrize("depth", [np.zeros(74, np.float32), np.zeros((75, 1), np.float32)])
def test_depth_of_another_shape_is_a_broken_plugin(depth: F32) -> None:
    with pytest.raises(ModelError, match=r"depth of shape .* expected \(75,\) float32"):
        checked(replace(upright(0), depth=depth))


def test_depth_of_another_type_is_a_broken_plugin() -> None:
    with pytest.raises(ModelError, match="float64"):
        checked(replace(upright(0), depth=np.zeros(75)))  # type: ignore[arg-type]  # the mistake
