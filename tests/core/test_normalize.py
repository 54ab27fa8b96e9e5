import numpy as np
import pytest

from engine.core.normalize import Normalizer
from engine.core.resample import Tick
from engine.person import PersonCalibration, Resting
from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from tests.fakes.samples import upright

LEFT, RIGHT = HOLISTIC_75.index("left_shoulder"), HOLISTIC_75.index("right_shoulder")
NOSE = HOLISTIC_75.index("nose")


def tick(joints: F32, *, aspect: float = 4 / 3, valid: bool = True, depth: float = 0.0) -> Tick:
    depths = np.full(len(joints), depth, np.float32)
    return Tick(0, joints, depths, aspect, valid, "" if valid else "no_person")


def settled(joints: F32, aspect: float = 4 / 3) -> F32:
    normalizer = Normalizer(HOLISTIC_75, 25.0)
    out = normalizer.step(tick(joints, aspect=aspect))
    for _ in range(50):
        out = normalizer.step(tick(joints, aspect=aspect))
    return out


def test_unit_is_the_shoulder_width_and_origin_between_the_shoulders() -> None:
    out = settled(upright(0).joints)
    np.testing.assert_allclose(out[LEFT, :2] - out[RIGHT, :2], [1.0, 0.0], atol=1e-5)
    np.testing.assert_allclose((out[LEFT, :2] + out[RIGHT, :2]) / 2, 0.0, atol=1e-5)


@pytest.mark.parametrize(("zoom", "dx", "dy"), [(0.5, 0.2, 0.1), (1.5, -0.3, 0.0), (0.1, 0.4, 0.4)])
def test_distance_and_place_of_the_camera_do_not_matter(zoom: float, dx: float, dy: float) -> None:
    joints = upright(0).joints
    moved = joints.copy()
    seen = moved[:, 2] > 0
    moved[seen, 0] = moved[seen, 0] * zoom + dx
    moved[seen, 1] = moved[seen, 1] * zoom + dy
    np.testing.assert_allclose(settled(moved), settled(joints), atol=1e-4)


def test_shape_of_the_picture_does_not_matter() -> None:
    wide = upright(0).joints
    tall = wide.copy()
    tall[:, 0] *= 2.0
    np.testing.assert_allclose(settled(tall, aspect=2 / 3), settled(wide, aspect=4 / 3), atol=1e-5)


def test_a_quick_shift_of_the_body_stays_visible() -> None:
    normalizer = Normalizer(HOLISTIC_75, 25.0)
    for _ in range(50):
        before = normalizer.step(tick(upright(0).joints))
    after = normalizer.step(tick(upright(0, dx=0.05).joints))
    assert after[NOSE, 0] - before[NOSE, 0] > 0.2


def test_turned_shoulders_do_not_shrink_the_unit() -> None:
    normalizer = Normalizer(HOLISTIC_75, 25.0)
    for _ in range(50):
        front = normalizer.step(tick(upright(0).joints))
    turned = upright(0, {"left_shoulder": (0.54, 0.5), "right_shoulder": (0.46, 0.5)})
    for _ in range(100):
        out = normalizer.step(tick(turned.joints))
    head = abs(float(front[NOSE, 1] - front[LEFT, 1]))
    assert abs(float(out[NOSE, 1] - out[LEFT, 1])) == pytest.approx(head, rel=0.25)


def test_a_calibrated_person_gives_the_unit_without_shoulders() -> None:
    resting = Resting(
        shoulder_per_ear_width=2.5, head_height=0.6, head_pitch=0.1, shoulder_width_ratio=0.2
    )
    person = PersonCalibration(
        kind="fidget.person", version=1, created_wall_ns=0, skeleton="holistic75",
        recognizer="fake", observed_s=30.0, resting=resting, rates_per_min={},
    )  # fmt: skip
    joints = upright(0).joints
    joints[[LEFT, RIGHT]] = 0.0
    out = Normalizer(HOLISTIC_75, 25.0, person).step(tick(joints))
    ears = out[HOLISTIC_75.index("left_ear")] - out[HOLISTIC_75.index("right_ear")]
    assert float(ears[0]) == pytest.approx(1 / 2.5, rel=1e-4)


@pytest.mark.parametrize("aspect", [4 / 3, 2 / 3])
def test_depth_is_in_the_same_unit_as_x(aspect: float) -> None:
    joints = upright(0).joints
    shoulders_x = float(joints[LEFT, 0] - joints[RIGHT, 0])
    out = Normalizer(HOLISTIC_75, 25.0).step(tick(joints, aspect=aspect, depth=-shoulders_x))
    across = float(out[LEFT, 0] - out[RIGHT, 0])
    assert out.shape == (75, 4)
    assert float(out[NOSE, 3]) == pytest.approx(-across, rel=1e-5)


def test_missing_joints_and_gaps_are_zero() -> None:
    normalizer = Normalizer(HOLISTIC_75, 25.0)
    out = normalizer.step(tick(upright(0).joints, depth=0.3))
    assert float(out[NOSE, 3]) > 0
    assert not out[HOLISTIC_75.index("left_wrist")].any()
    assert not normalizer.step(tick(np.zeros((75, 3), np.float32), valid=False)).any()


def test_nothing_is_made_up_before_the_scale_is_known() -> None:
    only_nose = np.zeros((75, 3), np.float32)
    only_nose[NOSE] = (0.5, 0.5, 1.0)
    assert not Normalizer(HOLISTIC_75, 25.0).step(tick(only_nose)).any()
