import math

import pytest

from tests.fakes.people import Person, person
from tests.recognizers.seen import PEOPLE, SELF_TOUCH, end_s, events, labels, start_s

PLACES = {
    "crown": "scratch_head",
    "hair": "play_hair",
    "forehead": "touch_forehead",
    "eye": "rub_eyes",
    "ear": "touch_ears",
    "nose": "touch_face",
    "mouth": "touch_face",
    "cheek": "touch_face",
    "jaw": "touch_jaw",
    "chin": "touch_jaw",
    "neck": "touch_neck",
    "notch": "cover_notch",
    "collar": "adjust_collar",
}


@pytest.fixture(params=PEOPLE)
def somebody(request: pytest.FixtureRequest) -> Person:
    return PEOPLE[request.param]


@pytest.mark.parametrize("hand", ["left", "right"])
@pytest.mark.parametrize(("place", "label"), PLACES.items())
def test_a_touch_is_one_event_of_its_class(
    somebody: Person, place: str, label: str, hand: str
) -> None:
    found = events(somebody.touch(place, hand=hand, from_s=1.0, to_s=2.2), 3.2)
    assert labels(found) == [label]
    assert 0.8 < start_s(found[0]) < 1.25
    assert 2.1 < end_s(found[0]) < 2.55


@pytest.mark.parametrize("roll", [-20, 20])
@pytest.mark.parametrize("place", ["crown", "eye", "ear", "nose", "mouth", "cheek"])
def test_zones_turn_with_a_tilted_head(place: str, roll: float) -> None:
    tilted = person().head(from_s=0, to_s=math.inf, roll=roll)
    assert labels(events(tilted.touch(place, from_s=1.0, to_s=2.2), 3.2)) == [PLACES[place]]


@pytest.mark.parametrize("yaw", [-30, 30])
@pytest.mark.parametrize(("hand", "place"), [("left", "chin"), ("right", "jaw"), ("left", "mouth")])
def test_zones_shift_with_a_turned_head(hand: str, place: str, yaw: float) -> None:
    turned = person().head(from_s=0, to_s=math.inf, yaw=yaw)
    found = events(turned.touch(place, hand=hand, from_s=1.0, to_s=2.2), 3.2)
    assert labels(found) == [PLACES[place]]


@pytest.mark.parametrize("yaw", [-75, 75])
def test_a_face_in_profile_keeps_its_size(yaw: float) -> None:
    """The ears come together in profile: by them alone the hand would be huge and far away."""
    turned = person().head(from_s=0, to_s=math.inf, yaw=yaw)
    found = events(turned.touch("chin", from_s=1.0, to_s=2.2), 3.2)
    assert labels(found) == ["touch_jaw"]


@pytest.mark.parametrize("place", ["forehead", "neck", "cheek"])
def test_scratching_back_and_forth_is_one_touch(place: str) -> None:
    found = events(person().touch(place, from_s=1.0, to_s=3.0, scratch=0.15), 4.0)
    assert labels(found) == [PLACES[place]]


def test_covering_the_face_is_not_also_a_touch_of_its_parts(somebody: Person) -> None:
    found = events(somebody.cover_face(from_s=1.0, to_s=2.5), 3.5)
    assert labels(found) == ["cover_face"]


def test_each_hand_touches_for_itself() -> None:
    both = person().touch("cheek", from_s=1.0, to_s=2.5)
    both = both.touch("ear", hand="right", from_s=1.4, to_s=2.9)
    assert labels(events(both, 4.0)) == ["touch_face", "touch_ears"]


def test_a_hand_that_moves_on_gives_one_event_a_place() -> None:
    story = person().touch("chin", from_s=1.0, to_s=2.0).touch("ear", from_s=2.5, to_s=3.5)
    assert labels(events(story, 4.5)) == ["touch_jaw", "touch_ears"]


@pytest.mark.parametrize("speed", [4.0, 6.0, 12.0])
def test_a_hand_that_passes_before_the_face_touches_nothing(somebody: Person, speed: float) -> None:
    assert not SELF_TOUCH & set(labels(events(somebody.pass_by(at_s=2.0, speed=speed), 4.0)))


@pytest.mark.parametrize("hand", ["left", "right"])
def test_a_hand_held_beside_the_head_touches_nothing(somebody: Person, hand: str) -> None:
    assert events(somebody.touch("beside_head", hand=hand, from_s=1.0, to_s=2.5), 3.5) == []


def test_a_hand_stretched_to_the_camera_before_the_face_touches_nothing(
    somebody: Person,
) -> None:
    story = somebody.put("left", 0.15 - 0.3j, from_s=1.0, to_s=2.5, size=1.9)
    assert not SELF_TOUCH & set(labels(events(story, 3.5)))


def test_hanging_hands_touch_nothing(somebody: Person) -> None:
    story = somebody
    for hand in ("left", "right"):
        story = story.put(hand, 0.62 + 1.4j, from_s=0.0, to_s=9.0, toward=1j)
    assert events(story, 4.0) == []


def test_a_moving_head_takes_its_touch_along() -> None:
    story = person().touch("cheek", from_s=1.0, to_s=3.0)
    story = story.head(from_s=1.6, to_s=2.2, roll=12)
    assert labels(events(story, 4.0)) == ["touch_face"]


def test_a_hand_lost_for_a_moment_goes_on_touching() -> None:
    story = person().touch("cheek", from_s=1.0, to_s=3.0).lose_hand("left", from_s=1.8, to_s=2.1)
    found = events(story, 4.0)
    assert labels(found) == ["touch_face"]
    assert end_s(found[0]) > 3.0


def test_a_hand_lost_for_good_ends_its_touch_in_bounded_time() -> None:
    story = person().touch("cheek", from_s=1.0, to_s=9.0).lose_hand("left", from_s=2.0, to_s=9.0)
    found = events(story, 5.0)
    assert labels(found) == ["touch_face"]
    assert 2.0 < end_s(found[0]) < 2.7


def test_the_poses_own_wrist_and_fingers_do_when_the_hand_is_not_found() -> None:
    story = person().touch("cheek", from_s=1.0, to_s=3.0)
    story = story.lose_hand("left", from_s=0.0, to_s=9.0, pose=False)
    assert labels(events(story, 4.0)) == ["touch_face"]


def test_a_short_gap_in_the_pose_does_not_end_a_touch() -> None:
    story = person().touch("cheek", from_s=1.0, to_s=3.0).vanish(from_s=1.8, to_s=2.0)
    assert labels(events(story, 4.0)) == ["touch_face"]
