import numpy as np

from plugins.recognizers.geometric.body import body_of
from plugins.recognizers.geometric.hands import POSE_ONLY_TRUST, Hand, hands_of
from tests.fakes.people import Person, person

_LEFT, _RIGHT = slice(33, 54), slice(54, 75)


def both_up() -> Person:
    story = person(jitter=0.0).put("left", 0.6 + 0.2j, from_s=0.0, to_s=9.0)
    return story.put("right", 0.6 + 0.2j, from_s=0.0, to_s=9.0)


def hands(joints: np.ndarray) -> tuple[Hand | None, Hand | None]:  # type: ignore[type-arg]
    points = (joints[:, 0] + 1j * joints[:, 1]).tolist()
    confidence = joints[:, 2].tolist()
    return hands_of(points, confidence, body_of(points, confidence))


def test_hands_of_both_sides() -> None:
    left, right = hands(both_up().joints(0.04)[0])
    assert left is not None
    assert right is not None
    assert left.wrist.real > right.wrist.real
    assert left.trust == right.trust == 1.0


def test_swapped_labels_are_put_right() -> None:
    joints = both_up().joints(0.04)[0]
    straight = hands(joints)
    joints[_LEFT], joints[_RIGHT] = joints[_RIGHT].copy(), joints[_LEFT].copy()
    assert hands(joints) == straight


def test_one_hand_found_twice_is_one_hand() -> None:
    joints = both_up().joints(0.04)[0]
    straight = hands(joints)
    joints[_RIGHT] = joints[_LEFT] + np.array([0.004, 0.0, 0.0], np.float32)
    left, right = hands(joints)
    assert left == straight[0]
    assert right is not None
    assert right.points is None
    assert right.trust == POSE_ONLY_TRUST


def test_a_single_hand_under_the_wrong_label_goes_to_its_side() -> None:
    joints = both_up().lose_hand("right", from_s=0.0, to_s=1.0).joints(0.04)[0]
    straight = hands(joints)
    joints[_RIGHT] = joints[_LEFT]
    joints[_LEFT] = 0.0
    left, right = hands(joints)
    assert left == straight[0]
    assert right is None


def test_a_hand_out_of_view_is_not_guessed() -> None:
    assert hands(person().joints(0.04)[0]) == (None, None)
