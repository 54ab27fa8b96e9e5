"""The whole stage with its real networks, on a picture of a person."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from engine.core.pose_check import checked
from engine.frames import U8, Frame
from engine.poses import PoseSample
from engine.skeletons import HOLISTIC_75, HOLISTIC_97
from plugins.pose.direct.estimator import DirectPose
from plugins.pose.direct.networks import Networks, loaded
from plugins.pose.direct.runtimes import RuntimeName, loader
from plugins.pose.direct.savings import POLICIES, PolicyName
from tests.pose.direct.portrait import portrait, room

NOSE, SHOULDERS = HOLISTIC_75.index("nose"), slice(11, 13)


@pytest.fixture(scope="module", params=["openvino", "litert"])
def networks(request: pytest.FixtureRequest) -> Networks:
    name: RuntimeName = request.param
    return loaded(loader(name, "f32"), 1, 0.5, face=True)


@pytest.fixture
def made(networks: Networks) -> Iterator[DirectPose]:
    estimator = DirectPose(DirectPose.Config(workers=1), networks=networks)
    yield estimator
    estimator.close()


def seen(made: DirectPose, images: list[U8], start: int = 0) -> list[PoseSample]:
    return [
        checked(made.step(Frame(image, i * 40_000_000, 0, i), i))
        for i, image in enumerate(images, start)
    ]


def shoulders_apart(sample: PoseSample) -> float:
    """As part of the width."""
    left, right = sample.joints[SHOULDERS, 0]
    return float(left - right)


def test_the_person_of_the_portrait_is_where_they_are(made: DirectPose) -> None:
    sample = seen(made, [portrait()] * 6)[-1]
    assert sample.valid
    # Looked up in the picture: the nose of 512 x 606 px.
    assert sample.joints[NOSE, :2] * (512, 600) == pytest.approx((270, 226), abs=12)
    assert sample.joints[NOSE, 2] > 0.9
    assert 0.6 < shoulders_apart(sample) < 0.9
    assert (sample.width_px, sample.height_px) == portrait().shape[1::-1]


def test_a_mirrored_person_is_mirrored(made: DirectPose) -> None:
    image = np.ascontiguousarray(portrait()[:, ::-1])
    straight, mirrored = seen(made, [portrait()] * 6)[-1], seen(made, [image] * 12, 6)[-1]
    assert mirrored.joints[NOSE, 0] == pytest.approx(1 - straight.joints[NOSE, 0], abs=0.03)
    assert shoulders_apart(mirrored) > 0.6


def test_a_person_in_a_room_is_half_as_large(made: DirectPose) -> None:
    sample = seen(made, [room()] * 6)[-1]
    assert sample.valid
    assert sample.joints[NOSE, 0] == pytest.approx(0.5 + (270 / 512 - 0.5) * 256 / 640, abs=0.02)


@pytest.mark.parametrize("factor", [0.5, 2.0, 0.25])
def test_a_picture_of_another_size_shows_the_person_in_the_same_place(
    made: DirectPose, factor: float
) -> None:
    before = seen(made, [portrait()] * 6)[-1]
    image = np.asarray(
        cv2.resize(portrait(), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8
    )
    samples = seen(made, [image] * 5, 6)
    assert samples[-1].valid
    for sample in samples:
        if sample.valid:
            np.testing.assert_allclose(sample.joints[:9, :2], before.joints[:9, :2], atol=0.02)


@pytest.mark.parametrize("policy", list(POLICIES))
def test_the_face_goes_along_with_a_head_that_moves_and_turns(
    networks: Networks, policy: PolicyName
) -> None:
    config = DirectPose.Config(face=True, policy=policy, workers=1)
    made = DirectPose(config, networks=networks)
    images = [room(3.0 * i, (4.0 * i, 0.0)) for i in range(10)]
    samples = [sample for sample in seen(made, images) if sample.valid]
    made.close()
    assert len(samples) >= 6
    at = HOLISTIC_97.index
    for sample in samples:
        assert "face" in sample.parts
        assert sample.joints[75:, 2].min() > 0.9
        places = sample.joints[:, :2] * (640, 480)
        tip = places[at("face_nose_tip")] - places[NOSE]
        assert np.hypot(*tip) < 0.25 * np.hypot(*(places[7] - places[8]))
        assert places[at("face_left_temple"), 0] > places[at("face_right_temple"), 0] + 40


def test_noise_and_a_blank_picture_hold_nobody(made: DirectPose) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (480, 640, 3)).astype(np.uint8)
    for image in (noise, np.full((480, 640, 3), 128, np.uint8)):
        made.reset()
        assert not any(sample.valid for sample in seen(made, [image] * 8))
