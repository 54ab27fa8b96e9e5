import pytest

from tests.fakes.people import Person, person
from tests.recognizers.seen import PEOPLE, calibration, end_s, events, labels, start_s


@pytest.fixture(params=PEOPLE)
def somebody(request: pytest.FixtureRequest) -> Person:
    return PEOPLE[request.param]


def test_sitting_still_is_nothing(somebody: Person) -> None:
    assert events(somebody, 10.0) == []


def test_head_up(somebody: Person) -> None:
    found = events(somebody.head(from_s=7.0, to_s=8.5, pitch=22), 9.5)
    assert labels(found) == ["head_up"]
    assert 6.6 < start_s(found[0]) < 7.1
    assert 8.5 < end_s(found[0]) < 9.0


@pytest.mark.parametrize("turn", [{"pitch": -22}, {"yaw": 40}, {"yaw": -40}, {"roll": 20}])
def test_other_movements_of_the_head_are_no_class(turn: dict[str, float]) -> None:
    assert events(person().head(from_s=7.0, to_s=8.5, **turn), 9.5) == []


def test_shrug(somebody: Person) -> None:
    assert labels(events(somebody.shrug(from_s=7.0, to_s=8.0), 9.0)) == ["turtle_neck"]


def test_shrug_on_a_rolling_chair() -> None:
    story = person().move(from_s=6.0, to_s=20.0, by=0.4).shrug(from_s=9.0, to_s=10.0)
    assert labels(events(story, 11.0)) == ["move_torso", "turtle_neck"]


def test_leaning_to_the_camera_is_no_shrug() -> None:
    """The head comes nearer and sinks in the picture: the neck looks shorter."""
    story = (
        person()
        .move(from_s=7.0, to_s=9.0, growth=1.35, by=0.15j)
        .shrug(from_s=7.0, to_s=9.0, lift=0.12)
    )
    assert "turtle_neck" not in labels(events(story, 10.0))


@pytest.mark.parametrize(
    ("story", "label"),
    [
        (person().shrug(from_s=2.0, to_s=3.0), "turtle_neck"),
        (person().head(from_s=2.0, to_s=3.0, pitch=22), "head_up"),
    ],
)
def test_the_resting_pose_is_known_at_once_from_a_calibration_else_after_a_while(
    story: Person, label: str
) -> None:
    assert labels(events(story, 4.0, calibration())) == [label]
    assert events(story, 4.0) == []


def test_shaking_shoulders(somebody: Person) -> None:
    found = events(somebody.shake(from_s=1.0, to_s=3.0), 4.5)
    assert labels(found) == ["shake_shoulders"]
    assert start_s(found[0]) < 2.0


def test_breathing_is_no_shaking() -> None:
    assert events(person().shake(from_s=0.0, to_s=20.0, size=0.02, hz=0.3), 8.0) == []


@pytest.mark.parametrize(
    "move", [{"by": 0.3}, {"by": -0.3}, {"growth": 1.4, "by": 0.1j}, {"growth": 0.7}, {"bend": 15}]
)
def test_moving_torso(somebody: Person, move: dict[str, float]) -> None:
    """An event for each way, as long as the trunk moves."""
    found = events(somebody.move(from_s=2.0, to_s=4.0, **move), 6.0)
    assert set(labels(found)) == {"move_torso"}
    assert len(found) == 2
    assert 1.6 < start_s(found[0]) < 2.0
    assert 4.0 < start_s(found[1]) < 4.5


def test_raising_an_arm_is_no_moving_torso() -> None:
    """It lifts one shoulder by a tenth of the shoulder width, and the head stays."""
    story = person().touch("crown", from_s=2.0, to_s=3.5)
    story = story.shrug(from_s=2.0, to_s=3.5, lift=0.1, sides=("left",))
    assert labels(events(story, 4.5)) == ["scratch_head"]


def test_sitting_straight(somebody: Person) -> None:
    found = events(somebody.move(from_s=3.0, to_s=20.0, by=-0.16j), 6.0)
    assert labels(found) == ["sit_straight"]
    assert 2.6 < start_s(found[0]) < 3.1


def test_standing_up_is_not_sitting_straight() -> None:
    found = events(person().move(from_s=3.0, to_s=20.0, by=-1.2j), 6.0)
    assert "sit_straight" not in labels(found)
    assert "move_torso" in labels(found)
