"""Every registered pose plugin keeps the contract."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from matplotlib import cbook

from engine import registry
from engine.contracts import GroupEstimator, PoseEstimator
from engine.core.pose_check import checked, checked_all
from engine.frames import U8, Frame, as_rgb
from engine.poses import REASONS
from engine.skeletons import SKELETONS


@pytest.fixture(scope="module", params=registry.names("pose"))
def loaded(request: pytest.FixtureRequest) -> Iterator[PoseEstimator]:
    made: PoseEstimator = registry.create("pose", request.param, {})
    made.warm_up()
    yield made
    made.close()
    made.close()


@pytest.fixture
def estimator(loaded: PoseEstimator) -> PoseEstimator:
    loaded.reset()
    loaded.set_effort(0)
    return loaded


def portrait() -> U8:
    path = str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))
    return as_rgb(cv2.imread(path), order="bgr")


def test_a_real_person_is_found_and_an_empty_picture_is_not(estimator: PoseEstimator) -> None:
    seen = [checked(estimator.step(Frame(portrait(), i * 40_000_000, 0, i), i)) for i in range(50)]
    assert seen[-1].valid
    assert "body" in seen[-1].parts
    assert [s.seq for s in seen] == list(range(50))
    assert [s.capture_ns for s in seen] == [i * 40_000_000 for i in range(50)]
    assert seen[-1].skeleton == estimator.skeleton in SKELETONS
    estimator.reset()
    blank = Frame(np.zeros((480, 640, 3), np.uint8), 0, 1, 0)
    sample = checked(estimator.step(blank, 50))
    assert not sample.valid
    assert sample.reason in REASONS
    assert not sample.joints.any()


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 64, 3), (4320, 7680, 3)])
def test_no_size_of_picture_breaks_it(
    estimator: PoseEstimator, shape: tuple[int, int, int]
) -> None:
    sample = checked(estimator.step(Frame(np.full(shape, 128, np.uint8), 0, 0, 0), 0))
    assert not sample.valid
    assert sample.reason in REASONS
    assert (sample.width_px, sample.height_px) == (shape[1], shape[0])


def test_every_effort_goes_on_finding_the_person(estimator: PoseEstimator) -> None:
    assert len(set(estimator.efforts)) == len(estimator.efforts) >= 1
    assert 0 <= estimator.live_effort < len(estimator.efforts)
    picture, seq = portrait(), 0
    for effort in (*range(len(estimator.efforts)), 0):
        estimator.set_effort(effort)
        for _ in range(20):
            sample = checked(estimator.step(Frame(picture, seq * 40_000_000, 0, seq), seq))
            seq += 1
        assert sample.valid


@pytest.mark.parametrize("name", registry.names("pose"))
def test_one_that_tracks_several_people_gives_each_a_slot(name: str) -> None:
    made = registry.create("pose", name, {})
    if not isinstance(made, GroupEstimator):
        assert not hasattr(made, "track")
        return
    made.track(3)
    made.warm_up()
    try:
        picture = portrait()
        for i in range(50):
            given = checked_all(made.step_all(Frame(picture, i * 40_000_000, 0, i), i), 3)
            assert {(s.seq, s.capture_ns, s.epoch) for s in given} == {(i, i * 40_000_000, 0)}
        assert [sample.valid for sample in given] == [True, False, False]
        assert given[0].person > 0
        assert {sample.reason for sample in given[1:]} <= set(REASONS)
        assert {sample.skeleton for sample in given} == {made.skeleton}
    finally:
        made.close()
