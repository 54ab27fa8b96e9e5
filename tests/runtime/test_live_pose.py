"""Frames of a live stream in front of the pose stage, with a clock that only moves when told to."""

import pytest

from engine.clock import NS_PER_MS
from engine.config import Config, QualityConfig, StreamConfig
from engine.core.pose_stage import PoseStage
from engine.errors import ConfigError
from engine.frames import Frame
from engine.poses import NO_FRAME, PoseSample
from engine.runtime.drops import DropLedger
from engine.runtime.edges import CAPTURE_POSE
from engine.runtime.governor.decision import Decision
from engine.runtime.live_pose import LivePose, Posed
from engine.runtime.quality import governed, qualities
from tests.fakes.clock import FakeClock
from tests.fakes.pose import UprightPose
from tests.fakes.sources import frame


class Slow(UprightPose):
    """Takes `ms` of the fake clock for a frame."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self.clock = clock
        self.ms = 50.0

    def step(self, frame: Frame, seq: int) -> PoseSample:
        self.clock.advance(self.ms / 1e3)
        return super().step(frame, seq)


class Rig:
    def __init__(self, quality: QualityConfig | None = None, **stream: float) -> None:
        self.clock = FakeClock()
        self.pose = Slow(self.clock)
        self.drops = DropLedger()
        self.decisions: list[Decision] = []
        config = Config(
            stream=StreamConfig(**stream),  # type: ignore[arg-type]
            quality=quality or QualityConfig(),
        )
        governed_ = governed(config, PoseStage(self.pose), lambda d, _: self.decisions.append(d))
        self.governor = governed_.governor
        self.live = LivePose(
            config.stream,
            PoseStage(self.pose),
            governed_,
            clock=self.clock,
            drops=self.drops,
        )

    def frame(self, age_ms: float = 10.0) -> Frame:
        return frame((self.clock.now_ns() - age_ms * NS_PER_MS) / 1e9)

    def give(self, count: int, age_ms: float = 10.0) -> list[Posed]:
        """What comes of frames, published at once; without those that are dropped."""
        given = []
        for _ in range(count):
            posed = self.live.step(self.frame(age_ms))
            if posed is not None:
                given.append(posed)
                if not posed.late:
                    self.governor.published(posed.samples[0].capture_ns, self.clock.now_ns())
            self.clock.advance(0.033)
        return given


def causes(rig: Rig) -> dict[str, int]:
    return rig.drops.totals().get(CAPTURE_POSE, {})


def test_an_idle_machine_uses_every_frame_at_full_quality() -> None:
    rig = Rig()
    posed = rig.give(200)
    assert len(posed) == 200
    assert not any(one.late for one in posed)
    assert rig.decisions == []
    assert causes(rig) == {}


def test_a_frame_that_cannot_be_in_time_is_shed_before_the_network() -> None:
    rig = Rig(deadline_ms=200.0)
    rig.give(20)
    rig.pose.entered.clear()
    rig.clock.advance(0.2)
    assert rig.live.step(rig.frame(age_ms=180.0)) is None
    assert not rig.pose.entered.is_set()
    assert causes(rig) == {"deadline": 1}
    assert [decision.what for decision in rig.decisions] == ["shed"]


def test_a_result_that_is_late_is_told_as_such() -> None:
    rig = Rig(deadline_ms=200.0)
    rig.give(20)
    rig.pose.ms = 350.0
    posed = rig.live.step(rig.frame())
    assert posed is not None
    assert posed.late
    assert posed.samples[0].valid


def test_frames_past_their_age_budget_are_dropped_without_asking_the_governor() -> None:
    rig = Rig(age_budget_ms=100.0, no_frame_after_s=3.0)
    rig.give(1)
    assert rig.live.step(rig.frame(age_ms=120.0)) is None
    assert causes(rig) == {"stale": 1}
    assert rig.decisions == []


def test_a_frame_older_than_what_was_said_is_dropped() -> None:
    rig = Rig()
    rig.give(1)
    assert rig.live.step(rig.frame(age_ms=300.0)) is None
    assert causes(rig) == {"late": 1}


def test_a_camera_whose_frames_are_all_dropped_is_as_good_as_silent() -> None:
    rig = Rig(age_budget_ms=100.0, no_frame_after_s=0.5)
    rig.give(1)
    given = rig.give(20, age_ms=150.0)
    assert given
    assert {one.samples[0].reason for one in given} == {NO_FRAME}


def test_under_a_load_quality_falls_step_by_step_and_samples_say_so() -> None:
    rig = Rig(deadline_ms=200.0)
    rig.pose.ms = 190.0
    levels = [one.samples[0].degrade_level for one in rig.give(120)]
    assert levels[0] == 0
    assert max(levels) == len(qualities(rig.pose.efforts, QualityConfig())) - 1
    assert rig.pose.effort == len(rig.pose.efforts) - 1
    assert causes(rig)["degraded"] > 5


def test_it_comes_back_to_full_quality() -> None:
    rig = Rig(deadline_ms=200.0)
    rig.pose.ms = 190.0
    rig.give(120)
    rig.pose.ms = 50.0
    rig.give(80)  # six and a half seconds
    assert (rig.governor.level, rig.pose.effort) == (0, 0)


@pytest.mark.parametrize(
    ("efforts", "names"),
    [
        (("full",), ["full", "every second frame"]),
        (("full", "less"), ["full", "less", "less, every second frame"]),
    ],
)
def test_the_ladder_ends_with_half_the_frames(efforts: tuple[str, ...], names: list[str]) -> None:
    made = qualities(efforts, QualityConfig())
    assert [quality.name for quality in made] == names
    assert [quality.every for quality in made] == [1] * len(efforts) + [2]


def test_live_streams_begin_where_the_pose_network_proposes_unless_told() -> None:
    efforts = ("full", "less", "least")
    proposed = qualities(efforts, QualityConfig(), 1)
    assert [quality.name for quality in proposed][:2] == ["less", "least"]
    told = qualities(efforts, QualityConfig(effort="full"), 1)
    assert [quality.name for quality in told][:2] == ["full", "less"]


def test_a_ladder_may_begin_lower() -> None:
    made = qualities(("full", "less", "least"), QualityConfig(effort="less", every=2))
    assert [quality.name for quality in made] == [
        "less, every second frame",
        "least, every second frame",
        "least, one of 4 frames",
    ]


def test_an_effort_that_the_network_does_not_have_is_refused_with_those_it_has() -> None:
    with pytest.raises(ConfigError, match=r"effort: expected one of 'full', 'less', got 'more'"):
        qualities(("full", "less"), QualityConfig(effort="more"))


def test_the_best_quality_holds_from_the_first_frame() -> None:
    rig = Rig(QualityConfig(effort="less", every=2))
    given = rig.give(20)
    assert rig.pose.effort == 1
    assert len(given) == 10
    assert {one.samples[0].degrade_level for one in given} == {0}
