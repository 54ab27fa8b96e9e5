import pytest

from engine.errors import ModelError
from engine.skeletons import (
    HOLISTIC_75,
    HOLISTIC_97,
    IMIGUE_22,
    IMIGUE_FROM_HOLISTIC,
    SKELETONS,
    Skeleton,
    covers,
    skeleton,
)

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


def test_the_imigue_joints_are_in_the_order_of_its_papers() -> None:
    assert IMIGUE_22.joints[:12] == (
        *("nose", "neck", "right_shoulder", "right_elbow", "right_wrist"),
        *("left_shoulder", "left_elbow", "left_wrist"),
        *("right_eye", "left_eye", "right_ear", "left_ear"),
    )
    fingers = ("thumb", "index", "middle", "ring", "pinky")
    assert IMIGUE_22.joints[12:17] == tuple(f"left_{finger}_tip" for finger in fingers)
    assert IMIGUE_22.joints[17:] == tuple(f"right_{finger}_tip" for finger in fingers)


def test_an_imigue_figure_is_one_tree_with_the_tips_at_their_own_wrist() -> None:
    assert len(IMIGUE_22.edges) == len(IMIGUE_22) - 1
    reached = {IMIGUE_22.index("neck")}
    for _ in IMIGUE_22.edges:
        reached |= {i for edge in IMIGUE_22.edges if reached & set(edge) for i in edge}
    assert reached == set(range(22))
    for side in ("left", "right"):
        wrist = IMIGUE_22.index(f"{side}_wrist")
        tips = {b for a, b in IMIGUE_22.edges if a == wrist}
        assert tips == set(range(*IMIGUE_22.parts[f"{side}_hand"]))


def test_imigue_joints_come_from_these_of_mediapipe() -> None:
    body = ((0,), (11, 12), (12,), (14,), (16,), (11,), (13,), (15,), (5,), (2,), (8,), (7,))
    tips = tuple((start + tip,) for start in (33, 54) for tip in (4, 8, 12, 16, 20))
    assert (*body, *tips) == IMIGUE_FROM_HOLISTIC


def test_left_and_right_change_places_in_a_mirror() -> None:
    assert IMIGUE_22.mirror_pairs == (
        *((2, 5), (3, 6), (4, 7), (8, 9), (10, 11)),
        *((12, 17), (13, 18), (14, 19), (15, 20), (16, 21)),
    )
    pairs = dict(HOLISTIC_75.mirror_pairs)
    assert len(pairs) == 16 + 21  # everything but the nose
    assert pairs[HOLISTIC_75.index("mouth_left")] == HOLISTIC_75.index("mouth_right")
    assert all(pairs[i] == i + 21 for i in range(33, 54))
    sides = len(pairs) + 7  # of the face eight places are in the middle
    assert len(HOLISTIC_97.mirror_pairs) == sides
    brows = HOLISTIC_97.index("face_left_brow"), HOLISTIC_97.index("face_right_brow")
    assert brows in HOLISTIC_97.mirror_pairs


def test_the_set_with_the_face_begins_with_the_one_without() -> None:
    assert HOLISTIC_97.joints[:75] == HOLISTIC_75.joints
    start, end = HOLISTIC_97.parts["face"]
    assert (start, end) == (75, 97)
    assert all(joint.startswith("face_") for joint in HOLISTIC_97.joints[start:end])
    assert set(HOLISTIC_97.edges) > set(HOLISTIC_75.edges)


def test_a_larger_set_covers_the_one_it_begins_with_and_no_other() -> None:
    assert covers("holistic97", "holistic75")
    assert covers("holistic75", "holistic75")
    assert not covers("holistic75", "holistic97")
    assert not covers("holistic75", "imigue22")
    assert not covers("holistic97", "imigue22")
    assert not covers("theirs", "holistic75")
    assert not covers("holistic75", "theirs")
    assert covers("theirs", "theirs")


def test_a_skeleton_is_found_by_name_only() -> None:
    assert skeleton("holistic75") is HOLISTIC_75
    assert skeleton("imigue22") is IMIGUE_22
    with pytest.raises(ModelError, match=r"unknown skeleton 'body25': expected one of"):
        skeleton("body25")
    with pytest.raises(KeyError):
        HOLISTIC_75.index("tail")
