"""One person from picture to picture, by what scripted networks say."""

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from engine.errors import ModelError
from engine.frames import U8
from engine.poses import F32
from plugins.pose.direct.follower import PersonFollower
from plugins.pose.direct.region import Region
from plugins.pose.direct.savings import Savings
from plugins.pose.direct.team import Team
from plugins.pose.landmarks import Landmarks
from tests.pose.direct.scripted import (
    PLACED,
    WRISTS,
    Script,
    ScriptedNetwork,
    body_outputs,
    f32,
    hand_outputs,
    palm_outputs,
)

BLANK: U8 = np.zeros((480, 640, 3), np.uint8)
START = Region(320.0, 240.0, 512.0, 0.0)
ALL = Savings()
BY_TURNS = Savings(by_turns_s=0.07)
WAIT_S = 5.0
SIZE = np.array([640, 480])
# By the body of `WRISTS`: 25.6 px from wrist to fingers, moved on by a tenth of twice that.
COARSE_SIDE = 51.2 * 2.7
# 100 of 256 pixels of that from the middle to the end, moved by a tenth of twice that.
TOLD_SIDE = 200 / 256 * COARSE_SIDE
TOLD_Y = 240 + 0.05 * 512 - 0.1 * 51.2 - 0.1 * TOLD_SIDE
LEFT_X, RIGHT_X = 320 + 0.2 * 512, 320 - 0.2 * 512


@pytest.fixture(params=[True, False], ids=["with a helper", "alone"])
def team(request: pytest.FixtureRequest) -> Iterator[Team]:
    made = Team(helper=request.param)
    yield made
    made.close()


class Stage:
    """A follower with its networks, at `fps` pictures a second."""

    fps = 30

    def __init__(self, team: Team, savings: Savings = ALL) -> None:
        self.script = Script()
        self.savings = savings
        self.followed = PersonFollower(self.script.networks, team, min_score=0.5, smooth=False)
        self.followed.begin(START)
        self.pictures = 0

    def step(self) -> Landmarks:
        time_ns = self.pictures * 1_000_000_000 // self.fps
        self.pictures += 1
        return self.followed.step(BLANK, time_ns, self.savings)

    def runs(self, networks: list[ScriptedNetwork]) -> int:
        return sum(network.runs for network in networks)


@pytest.fixture
def stage(team: Team) -> Stage:
    return Stage(team)


def wrist_px(hand: F32 | None) -> list[float]:
    """Where the hand network sees the wrist: 0.3 of its region below the middle of it."""
    assert hand is not None
    return list(hand[0, :2] * SIZE)


def at(x: float, y: float, side: float) -> object:
    return pytest.approx([x, y + 0.3 * side], abs=0.02)


def test_body_and_hands_are_where_the_networks_see_them(stage: Stage) -> None:
    found = stage.step()
    assert found.body is not None
    assert found.body[15, :2] * SIZE == pytest.approx((LEFT_X, 240 + 0.1 * 512))
    assert wrist_px(found.left_hand) == at(LEFT_X, TOLD_Y, TOLD_SIDE)
    assert wrist_px(found.right_hand) == at(RIGHT_X, TOLD_Y, TOLD_SIDE)
    assert (found.body_score, found.left_score) == pytest.approx((0.99, 0.99))
    assert stage.followed.follows
    assert stage.followed.region is not None
    assert stage.followed.region.side_px == pytest.approx(512)


def test_whoever_stays_is_seen_at_the_same_place_for_ever(stage: Stage) -> None:
    first = stage.step()
    for _ in range(20):
        found = stage.step()
    assert wrist_px(found.left_hand) == pytest.approx(wrist_px(first.left_hand), abs=0.01)
    assert wrist_px(found.right_hand) == pytest.approx(wrist_px(first.right_hand), abs=0.01)
    assert stage.runs(stage.script.all_hands) == 2 * 21


@pytest.mark.parametrize("score", [0.5, 0.0, np.nan])
def test_an_unsure_body_is_lost_with_everything(stage: Stage, score: float) -> None:
    stage.step()
    stage.script.body.says(*body_outputs(WRISTS, score))
    assert stage.step() == Landmarks(body=None)
    assert not stage.followed.follows
    assert stage.followed.body is None
    # Taken up again the hands have no place before: at another one they agree at once.
    stage.script.body.says(*body_outputs(WRISTS))
    stage.followed.begin(Region(420.0, 240.0, 512.0, 0.0))
    assert wrist_px(stage.step().left_hand) == at(LEFT_X + 100, TOLD_Y, TOLD_SIDE)


def test_a_body_that_is_nowhere_is_lost_in_the_next_picture(stage: Stage) -> None:
    rows, score, heat = body_outputs(WRISTS)
    rows[33:35] = np.nan
    stage.script.body.says(rows, score, heat)
    assert stage.step().body is not None
    assert stage.step() == Landmarks(body=None)
    assert stage.script.body.runs == 1
    assert not stage.followed.follows


def test_nobody_is_followed_before_begin_and_after_lose(stage: Stage) -> None:
    stage.followed.lose()
    assert stage.step() == Landmarks(body=None)
    assert stage.script.body.runs == 0


def test_the_place_before_is_taken_where_both_agree(stage: Stage) -> None:
    stage.step()
    for placer in stage.script.placers:
        placer.says(PLACED + f32(20, 0, 20, 0))
    assert wrist_px(stage.step().left_hand) == at(LEFT_X, TOLD_Y, TOLD_SIDE)
    assert stage.runs(stage.script.all_hands) == 2 * 2


def test_the_place_told_is_taken_where_they_disagree(stage: Stage) -> None:
    stage.step()
    for placer in stage.script.placers:
        placer.says(PLACED + f32(50, 0, 50, 0))
    found, right = stage.step(), 50 / 256 * COARSE_SIDE
    assert wrist_px(found.left_hand) == at(LEFT_X + right, TOLD_Y, TOLD_SIDE)
    assert wrist_px(found.right_hand) == at(RIGHT_X + right, TOLD_Y, TOLD_SIDE)


def test_beside_the_body_one_hand_a_picture_is_looked_for_and_none_after_it(team: Team) -> None:
    stage = Stage(team, Savings(turns=2, hands_beside=True))
    stage.step()  # the body is new: nobody could say where a hand is
    late = stage.script.wide_hand.runs
    for number in range(1, 7):
        looks = [network.runs for network in stage.script.hands]
        stage.step()
        assert [network.runs for network in stage.script.hands] == [
            looks[side] + (number % 2 == side) for side in (0, 1)
        ]
    assert stage.script.wide_hand.runs == late


def test_beside_the_body_a_hand_is_where_the_placer_says_by_the_body_before(team: Team) -> None:
    stage = Stage(team, Savings(hands_beside=True, turns=2))
    for _ in range(4):
        stage.step()
    stage.script.placers[0].says(PLACED + f32(80, 0, 80, 0))
    moved = {number: (x + 0.05, y) for number, (x, y) in WRISTS.items()}
    stage.script.body.says(*body_outputs(moved))
    right = 80 / 256 * COARSE_SIDE
    assert wrist_px(stage.step().left_hand) == at(LEFT_X + right, TOLD_Y, TOLD_SIDE)


def test_a_hand_that_is_not_there_is_not_reported_nor_followed(stage: Stage) -> None:
    stage.step()
    stage.script.hands[0].says(*hand_outputs(score=0.4))
    found = stage.step()
    assert found.left_hand is None
    assert found.left_score == 0.0
    assert found.right_hand is not None
    # Back again it is where the placer says, not where it was before it was missed.
    stage.script.hands[0].says(*hand_outputs())
    stage.script.placers[0].says(PLACED + f32(20, 0, 20, 0))
    assert wrist_px(stage.step().left_hand) == at(
        LEFT_X + 20 / 256 * COARSE_SIDE, TOLD_Y, TOLD_SIDE
    )


# Of shoulders 0.1 of the body's region from each other the search is a square of 0.2 of it.
SHOULDERS = {11: (0.55, 0.4), 12: (0.45, 0.4)}
SEARCHED_PX = 0.2 * 512
# The palm's cell is the first; it is a tenth of the square large, its region half a palm above it.
PALM_X = LEFT_X - SEARCHED_PX / 2 + SEARCHED_PX * 0.5 / 24
PALM_Y = 240 + 0.1 * 512 - SEARCHED_PX / 2 + SEARCHED_PX * 0.5 / 24 - SEARCHED_PX / 20
PALM_SIDE = 2.6 * SEARCHED_PX / 10


def missed(team: Team, savings: Savings) -> Stage:
    """A stage whose left hand was not there in the latest picture."""
    stage = Stage(team, savings)
    stage.script.body.says(*body_outputs(WRISTS | SHOULDERS))
    stage.step()
    stage.script.hands[0].says(*hand_outputs(score=0.4))
    assert turn_of_left(stage).left_hand is None
    stage.script.hands[0].says(*hand_outputs())
    return stage


def turn_of_left(stage: Stage) -> Landmarks:
    """The next picture in which the left hand is looked for, after one in which it was."""
    if stage.savings.hands_beside:
        stage.step()
    return stage.step()


@pytest.mark.parametrize("beside", [False, True])
def test_a_hand_that_was_not_there_is_where_a_palm_is(team: Team, beside: bool) -> None:
    stage = missed(team, Savings(recover_every=2, hands_beside=beside))
    stage.script.palms[0].says(*palm_outputs((0, 0.9)))
    assert wrist_px(turn_of_left(stage).left_hand) == at(PALM_X, PALM_Y, PALM_SIDE)
    assert [palms.runs for palms in stage.script.palms] == [1, 0]


def test_without_a_palm_the_body_says_where(team: Team) -> None:
    stage = missed(team, Savings(recover_every=2))
    assert wrist_px(stage.step().left_hand) == at(LEFT_X, TOLD_Y, TOLD_SIDE)
    assert stage.script.palms[0].runs == 1


def test_a_body_without_a_width_is_not_searched(team: Team) -> None:
    stage = missed(team, Savings(recover_every=2))
    stage.script.body.says(*body_outputs(WRISTS))
    assert wrist_px(stage.step().left_hand) == at(LEFT_X, TOLD_Y, TOLD_SIDE)
    assert stage.script.palms[0].runs == 0


def test_the_other_hands_palm_is_not_taken(team: Team) -> None:
    stage = missed(team, Savings(recover_every=2))
    # Its wrist is where the right one is, and the only palm there is the right one's.
    moved = {number: (x - 0.4, y) for number, (x, y) in WRISTS.items() if number % 2}
    stage.script.body.says(*body_outputs(WRISTS | SHOULDERS | moved))
    stage.script.palms[0].says(*palm_outputs((1152 + 6 * (12 * 2 + 6), 0.9)))
    assert wrist_px(stage.step().left_hand) == at(RIGHT_X, TOLD_Y, TOLD_SIDE)
    assert stage.script.palms[0].runs == 1


def test_a_palm_detector_that_breaks_is_reported(team: Team) -> None:
    stage = missed(team, Savings(recover_every=2))
    stage.script.palms[0].broken = True
    with pytest.raises(ModelError, match="scripted failure"):
        stage.step()


def test_with_nothing_left_out_no_palm_is_searched(team: Team) -> None:
    stage = missed(team, ALL)
    stage.script.palms[0].says(*palm_outputs((0, 0.9)))
    assert wrist_px(stage.step().left_hand) == at(LEFT_X, TOLD_Y, TOLD_SIDE)
    assert stage.script.palms[0].runs == 0


def test_a_hand_without_a_visible_wrist_is_gone(stage: Stage) -> None:
    stage.step()
    rows, score, heat = body_outputs(WRISTS)
    rows[15, 3] = -10.0
    stage.script.body.says(rows, score, heat)
    found = stage.step()
    assert found.left_hand is None
    assert found.right_hand is not None
    assert stage.script.placers[0].runs == 1


def test_by_turns_each_hand_is_looked_at_every_second_time_and_carried(team: Team) -> None:
    stage = Stage(team, Savings(turns=2))
    found = [stage.step() for _ in range(6)]
    assert [placer.runs for placer in stage.script.placers] == [3, 3]
    assert stage.runs(stage.script.all_hands) == 2 * 3
    assert all(one.left_hand is not None for one in found)
    assert [one.right_hand is not None for one in found] == [False] + [True] * 5
    moved = {number: (x + 0.05, y) for number, (x, y) in WRISTS.items()}
    stage.script.body.says(*body_outputs(moved))
    right = wrist_px(stage.step().right_hand)
    assert right == at(RIGHT_X + 0.05 * 512, TOLD_Y, TOLD_SIDE)
    assert stage.script.placers[1].runs == 3


def looks(stage: Stage, pictures: int) -> list[str]:
    """What was looked at in each of the next pictures: `b` the body, `h` for each hand."""
    seen = []
    for _ in range(pictures):
        body, hands = stage.script.body.runs, stage.runs(stage.script.all_hands)
        stage.step()
        hands = stage.runs(stage.script.all_hands) - hands
        seen.append("b" * (stage.script.body.runs - body) + "h" * hands)
    return seen


@pytest.mark.parametrize(
    ("fps", "expected"),
    [
        (30, ["bhh", "hh", "b", "hh", "b", "hh"]),
        (60, ["bhh", "hh", "b", "hh", "b", "hh"]),
        (25, ["bhh"] * 4),
    ],
)
def test_body_and_hands_take_turns_where_pictures_come_fast(
    team: Team, fps: int, expected: list[str]
) -> None:
    stage = Stage(team, BY_TURNS)
    stage.fps = fps
    assert looks(stage, len(expected)) == expected


def test_wrists_go_along_with_hands_while_the_body_is_not_looked_at(team: Team) -> None:
    stage = Stage(team, BY_TURNS)
    first = stage.step()
    stage.script.hands[0].says(*hand_outputs(at=(0.6, 0.5)))
    found = stage.step()
    assert first.body is not None
    assert found.body is not None
    assert found.left_hand is not None
    moved = np.subtract(wrist_px(found.left_hand), wrist_px(first.left_hand))
    assert moved == pytest.approx((0.1 * TOLD_SIDE, 0.0), abs=0.02)
    for point in range(33):
        way_px = (found.body[point, :2] - first.body[point, :2]) * SIZE
        expected = moved / 2 if point in (15, 17, 19, 21) else (0, 0)
        assert way_px == pytest.approx(expected, abs=0.02)


def test_hands_stay_where_they_are_while_only_the_body_is_looked_at(team: Team) -> None:
    stage = Stage(team, BY_TURNS)
    stage.step()
    seen = stage.step()
    moved = {number: (x + 0.03, y) for number, (x, y) in WRISTS.items()}
    stage.script.body.says(*body_outputs(moved))
    found = stage.step()
    assert found.body is not None
    assert found.body[15, :2] * SIZE == pytest.approx((LEFT_X + 0.03 * 512, 240 + 0.1 * 512))
    assert wrist_px(found.left_hand) == wrist_px(seen.left_hand)
    again = stage.step()
    assert again.body is not None
    assert wrist_px(again.left_hand) == pytest.approx(wrist_px(seen.left_hand), abs=0.02)
    assert again.body[15, :2] == pytest.approx(found.body[15, :2])


def test_a_body_that_is_not_there_is_lost_when_it_is_looked_at(team: Team) -> None:
    stage = Stage(team, BY_TURNS)
    stage.step()
    stage.script.body.says(*body_outputs(WRISTS, score=0.0))
    assert stage.step().body is not None
    assert stage.step() == Landmarks(body=None)


def test_a_helper_looks_at_a_hand_while_the_body_still_is() -> None:
    team = Team(helper=True)
    stage, meeting = Stage(team), threading.Barrier(2)
    stage.step()
    stage.script.hands[0].meanwhile = lambda: meeting.wait(WAIT_S)
    stage.script.body.meanwhile = lambda: meeting.wait(WAIT_S)
    assert stage.step().left_hand is not None
    team.close()


PARTS = ("body", "left placer", "right placer", "left hand", "right hand")


def parts(script: Script) -> dict[str, list[ScriptedNetwork]]:
    left, right = script.hands
    return {
        "body": [script.body],
        "left placer": [script.placers[0]],
        "right placer": [script.placers[1]],
        "left hand": [left],
        "right hand": [right, script.wide_hand],
    }


@pytest.mark.parametrize("before", [0, 1, 3])
@pytest.mark.parametrize("broken", PARTS)
def test_a_network_that_breaks_is_reported_leaves_no_job_and_may_recover(
    stage: Stage, broken: str, before: int
) -> None:
    for _ in range(before):
        stage.step()
    networks = [network for some in parts(stage.script).values() for network in some]
    for network in networks:
        network.meanwhile = lambda: time.sleep(0.01)
    for network in parts(stage.script)[broken]:
        network.meanwhile = lambda: None
        network.broken = True
    for _ in range(2):
        with pytest.raises(ModelError, match="scripted failure"):
            stage.step()
        assert not any(network.running for network in networks)
    for network in networks:
        network.broken = False
    found = stage.step()
    assert wrist_px(found.left_hand) == at(LEFT_X, TOLD_Y, TOLD_SIDE)
    assert wrist_px(found.right_hand) == at(RIGHT_X, TOLD_Y, TOLD_SIDE)


@pytest.mark.parametrize("score", [0.0, np.nan])
def test_no_job_goes_on_when_the_body_is_lost(stage: Stage, score: float) -> None:
    stage.step()
    for hand in stage.script.hands:
        hand.meanwhile = lambda: time.sleep(0.01)
    stage.script.body.meanwhile = lambda: time.sleep(0.005)
    stage.script.body.says(*body_outputs(WRISTS, score))
    assert stage.step() == Landmarks(body=None)
    assert not any(hand.running for hand in stage.script.hands)
