"""The pose stage around a plugin that tracks one person or several."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from engine.contracts import GroupEstimator
from engine.core.pose_stage import PoseStage, Samples
from engine.errors import ModelError
from engine.frames import Frame
from engine.poses import NO_FRAME, NO_PERSON, PERSON_LOST, PoseSample
from tests.fakes.crowd import Crowd, Visit, crowd
from tests.fakes.pose import UprightPose
from tests.fakes.sources import frame


def staged(plugin: type[Crowd], most: int = 2) -> PoseStage:
    made = plugin()
    made.track(most)
    return PoseStage(made, most)


def seen(stage: PoseStage, seconds: float, *, epoch: int = 0, from_s: float = 0.0) -> list[Samples]:
    count = round(seconds * 25)
    return [stage.step_all(frame(from_s + i / 25, index=i, epoch=epoch)) for i in range(count)]


def test_only_what_keeps_the_contract_tracks_several() -> None:
    assert isinstance(Crowd(), GroupEstimator)
    assert not isinstance(UprightPose(), GroupEstimator)
    with pytest.raises(ValueError, match="tracks 2 people"):
        PoseStage(UprightPose(), 2)


def test_one_person_is_seen_as_ever() -> None:
    stage = PoseStage(UprightPose())
    one, two = stage.step(frame(0.0)), stage.step(frame(0.04, epoch=1))
    assert (one.epoch, two.epoch, one.person, two.seq) == (0, 1, 0, 1)
    assert stage.most == 1


def test_every_slot_has_a_sample_of_every_frame() -> None:
    given = seen(staged(crowd(Visit(1, 1, from_s=0.4)), most=3), 1.0)
    assert [len(samples) for samples in given] == [3] * 25
    assert [sample.seq for sample in given[-1]] == [24] * 3
    assert [sample.reason for sample in given[-1]] == [NO_PERSON, "", NO_PERSON]
    assert [sample.person for sample in given[-1]] == [0, 1, 0]
    assert {sample.epoch for samples in given for sample in samples} == {0}


def test_another_person_begins_an_epoch_of_that_slot_and_no_other() -> None:
    plugin = crowd(Visit(0, 1, lost=((0.2, 0.4),)), Visit(1, 2, to_s=0.4), Visit(1, 3, from_s=0.6))
    given = seen(staged(plugin), 1.0)
    assert {samples[0].epoch for samples in given} == {0}
    assert given[6][0].reason == PERSON_LOST
    assert [samples[1].epoch for samples in given] == [0] * 15 + [1] * 10
    assert [samples[1].person for samples in given] == [2] * 10 + [0] * 5 + [3] * 10


def test_a_break_of_the_camera_begins_an_epoch_of_every_slot_and_numbers_go_on() -> None:
    stage = staged(crowd(Visit(0, 1), Visit(1, 2)))
    seen(stage, 0.2)
    (again,) = seen(stage, 0.04, epoch=1, from_s=1.0)
    assert [(sample.epoch, sample.person) for sample in again] == [(1, 3), (1, 4)]


def test_what_says_that_there_is_no_frame_is_of_the_epoch_of_each_slot() -> None:
    stage = staged(crowd(Visit(1, 1, to_s=0.2), Visit(1, 2, from_s=0.2)))
    seen(stage, 0.4)
    none = stage.no_frame(2_000_000_000)
    assert [(sample.epoch, sample.reason) for sample in none] == [(0, NO_FRAME), (1, NO_FRAME)]
    assert [sample.seq for sample in none] == [10, 10]
    assert stage.step_all(frame(2.1))[1].seq == 11


def test_the_level_is_in_every_sample() -> None:
    stage = staged(crowd(Visit(0, 1)))
    assert [sample.degrade_level for sample in stage.step_all(frame(0.0), 2)] == [2, 2]


class Broken(Crowd):
    visits = (Visit(0, 1), Visit(1, 2))

    def step_all(self, frame: Frame, seq: int) -> list[PoseSample]:
        return list(self.change(super().step_all(frame, seq)))

    def change(self, samples: Sequence[PoseSample]) -> Sequence[PoseSample]:
        raise NotImplementedError


class OneShort(Broken):
    def change(self, samples: Sequence[PoseSample]) -> Sequence[PoseSample]:
        return samples[:1]


class TwiceThere(Broken):
    def change(self, samples: Sequence[PoseSample]) -> Sequence[PoseSample]:
        return [replace(sample, person=1) for sample in samples]


class Unnumbered(Broken):
    def change(self, samples: Sequence[PoseSample]) -> Sequence[PoseSample]:
        return [replace(sample, person=0) for sample in samples]


@pytest.mark.parametrize(
    ("plugin", "told"),
    [
        (OneShort, "gave 1 samples of a frame, expected 2"),
        (TwiceThere, r"into two slots at a time: \[1, 1\]"),
        (Unnumbered, "without its person"),
    ],
)
def test_a_broken_plugin_is_told_what_is_wrong(plugin: type[Crowd], told: str) -> None:
    with pytest.raises(ModelError, match=told):
        staged(plugin).step_all(frame(0.0))
