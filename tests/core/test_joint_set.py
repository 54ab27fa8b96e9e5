from dataclasses import replace

import numpy as np
import pytest

from engine.core.joint_set import in_joint_set
from engine.core.pose_check import checked
from engine.errors import ModelError
from engine.skeletons import HOLISTIC_75, HOLISTIC_97, IMIGUE_22
from tests.fakes.samples import nobody, upright, with_face


def test_a_sample_of_the_wanted_set_is_left_alone() -> None:
    for sample, wanted in ((upright(0), HOLISTIC_75), (with_face(upright(0)), HOLISTIC_97)):
        assert in_joint_set(sample, wanted) is sample


def test_of_a_larger_set_the_joints_that_are_more_are_left_out() -> None:
    plain = replace(upright(0.5), depth=np.linspace(0, 1, 75, dtype=np.float32))
    given = checked(in_joint_set(checked(with_face(plain)), HOLISTIC_75))
    assert (given.skeleton, given.parts) == ("holistic75", ("body",))
    np.testing.assert_array_equal(given.joints, plain.joints)
    assert given.depth is not None
    assert plain.depth is not None
    np.testing.assert_array_equal(given.depth, plain.depth)
    assert given.capture_ns == plain.capture_ns


def test_so_it_is_with_nobody_there() -> None:
    given = in_joint_set(with_face(nobody(0.5)), HOLISTIC_75)
    assert given.joints.shape == (75, 3)
    assert given.depth is None
    assert not given.valid


def test_a_smaller_or_foreign_set_is_refused() -> None:
    for sample, wanted in ((upright(0), HOLISTIC_97), (with_face(upright(0)), IMIGUE_22)):
        with pytest.raises(ModelError, match=f"'{wanted.name}'.* gives '{sample.skeleton}'"):
            in_joint_set(sample, wanted)
    with pytest.raises(ModelError, match="gives 'theirs'"):
        in_joint_set(replace(upright(0), skeleton="theirs"), HOLISTIC_75)
