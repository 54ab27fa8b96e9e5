import pytest

from tests.fakes.people import Person
from tests.recognizers.seen import PEOPLE, end_s, events, labels, start_s


@pytest.fixture(params=PEOPLE)
def somebody(request: pytest.FixtureRequest) -> Person:
    return PEOPLE[request.param]


@pytest.mark.parametrize(
    ("style", "label"),
    [("hold", "rub_hands"), ("interlock", "cross_fingers"), ("steeple", "minaret")],
)
def test_hands_at_one_another(somebody: Person, style: str, label: str) -> None:
    found = events(somebody.clasp(style, from_s=1.0, to_s=2.5), 3.5)
    assert labels(found) == [label]
    assert 0.7 < start_s(found[0]) < 1.3
    assert 2.4 < end_s(found[0]) < 2.9


@pytest.mark.parametrize("lost", ["left", "right"])
def test_hands_stay_together_when_one_is_hidden_by_the_other(lost: str) -> None:
    story = PEOPLE["plain"].clasp("hold", from_s=1.0, to_s=3.0)
    story = story.lose_hand(lost, from_s=1.5, to_s=2.5, pose=False)
    assert labels(events(story, 4.0)) == ["rub_hands"]


def test_hands_beside_one_another_are_not_together(somebody: Person) -> None:
    story = somebody
    for hand in ("left", "right"):
        story = story.put(hand, 0.42 + 0.9j, from_s=1.0, to_s=3.0)
    assert "rub_hands" not in labels(events(story, 4.0))


@pytest.mark.parametrize("tucked", [True, False])
def test_folded_arms(somebody: Person, tucked: bool) -> None:
    found = events(somebody.fold_arms(from_s=1.0, to_s=3.0, tucked=tucked), 4.0)
    assert labels(found) == ["fold_arms"]
    assert 0.8 < start_s(found[0]) < 1.4


@pytest.mark.parametrize("hands", [("left", "right"), ("left",), ("right",)])
def test_akimbo(somebody: Person, hands: tuple[str, ...]) -> None:
    assert labels(events(somebody.akimbo(from_s=1.0, to_s=3.0, hands=hands), 4.0)) == ["akimbo"]


@pytest.mark.parametrize("hand", ["left", "right"])
def test_a_hand_on_the_other_arm(somebody: Person, hand: str) -> None:
    assert labels(events(somebody.touch_arm(hand, from_s=1.0, to_s=2.5), 3.5)) == ["touch_arms"]


@pytest.mark.parametrize("hand", ["left", "right"])
def test_brushing_the_clothes(somebody: Person, hand: str) -> None:
    assert labels(events(somebody.brush(hand, from_s=1.0, to_s=3.5), 4.5)) == ["dust_clothes"]


@pytest.mark.parametrize("hand", ["left", "right"])
def test_a_hand_moving_in_the_air_is_illustrative(somebody: Person, hand: str) -> None:
    found = events(somebody.wave(hand, from_s=1.0, to_s=3.0), 4.5)
    assert labels(found) == ["illustrative"]
    assert 0.7 < start_s(found[0]) < 1.6


def test_reaching_up_for_a_touch_is_not_illustrative() -> None:
    found = events(PEOPLE["plain"].touch("ear", from_s=1.0, to_s=2.0), 3.5)
    assert "illustrative" not in labels(found)
