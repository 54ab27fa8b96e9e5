import pytest

from engine.errors import ModelError
from engine.skeletons import HOLISTIC_75, SKELETONS, Skeleton, skeleton

# MediaPipe's own numbers: pose landmarks 0..32, then 21 of each hand.
MEDIAPIPE = {
    "nose": 0,
    "left_ear": 7,
    "right_ear": 8,
    "mouth_left": 9,
    "left_shoulder": 11,
    "right_shoulder": 12,
    "left_wrist": 15,
    "right_wrist": 16,
    "left_hip": 23,
    "right_foot_index": 32,
    "left_hand_wrist": 33 + 0,
    "left_hand_thumb_tip": 33 + 4,
    "left_hand_index_mcp": 33 + 5,
    "left_hand_pinky_tip": 33 + 20,
    "right_hand_wrist": 54 + 0,
    "right_hand_middle_tip": 54 + 12,
}


def test_joints_are_where_mediapipe_puts_them() -> None:
    assert {name: HOLISTIC_75.index(name) for name in MEDIAPIPE} == MEDIAPIPE
    assert len(HOLISTIC_75) == 75


@pytest.mark.parametrize("joints", SKELETONS.values(), ids=lambda joints: joints.name)
def test_parts_cover_every_joint_once_and_edges_stay_inside(joints: Skeleton) -> None:
    assert len(set(joints.joints)) == len(joints)
    covered = [i for start, stop in joints.parts.values() for i in range(start, stop)]
    assert sorted(covered) == list(range(len(joints)))
    for a, b in joints.edges:
        assert a != b
        assert 0 <= min(a, b) < max(a, b) < len(joints)
    assert len({frozenset(edge) for edge in joints.edges}) == len(joints.edges)


def test_a_hand_is_drawn_as_five_chains_from_its_wrist() -> None:
    for start, stop in (HOLISTIC_75.parts["left_hand"], HOLISTIC_75.parts["right_hand"]):
        edges = [edge for edge in HOLISTIC_75.edges if start <= edge[0] < stop]
        assert len(edges) == 20
        assert {b for _, b in edges} == set(range(start + 1, stop))
        assert sum(1 for a, _ in edges if a == start) == 5


def test_a_skeleton_is_found_by_name_only() -> None:
    assert skeleton("holistic75") is HOLISTIC_75
    with pytest.raises(ModelError, match=r"unknown skeleton 'body25': expected one of"):
        skeleton("body25")
    with pytest.raises(KeyError):
        HOLISTIC_75.index("tail")
