import numpy as np
import pytest

from engine.frames import Frame
from engine.skeletons import HOLISTIC_75
from plugins.pose.landmarks import Landmarks
from plugins.pose.mediapipe.estimator import MediapipePose
from plugins.pose.mediapipe.held_hands import HeldHands
from plugins.pose.plausibility import PlausibilityConfig
from tests.pose.figures import ScriptedGraph, person

LEFT_WRIST = HOLISTIC_75.index("left_wrist")
AT_ONCE = MediapipePose.Config(plausibility=PlausibilityConfig(accept_after_s=0.0))


def moved(found: Landmarks, dx: float) -> Landmarks:
    assert found.body is not None
    body = found.body.copy()
    body[:, 0] += dx
    return Landmarks(body=body, body_score=found.body_score)


def test_a_hand_moves_with_its_wrist_and_keeps_its_shape_and_score() -> None:
    held, first = HeldHands(), person()
    held.see(first)
    carried = held.carry(moved(first, 0.1))
    assert first.left_hand is not None
    assert carried.left_hand is not None
    np.testing.assert_allclose(
        carried.left_hand[:, :2] - first.left_hand[:, :2], [[0.1, 0.0]] * 21, atol=1e-6
    )
    np.testing.assert_array_equal(carried.left_hand[:, 2], first.left_hand[:, 2])
    assert carried.left_score == first.left_score


def test_a_hand_that_was_not_there_is_not_made_up() -> None:
    held, first = HeldHands(), person()
    held.see(Landmarks(body=first.body, body_score=first.body_score))
    assert held.carry(moved(first, 0.1)).left_hand is None


def test_hands_of_a_lost_person_do_not_come_back_with_the_next() -> None:
    held, first = HeldHands(), person()
    held.see(first)
    held.carry(Landmarks(body=None))
    assert held.carry(moved(first, 0.0)).left_hand is None


@pytest.mark.parametrize(
    ("effort", "expected"),
    [
        (0, [True] * 5),
        (1, [True, False, True, False, True]),
        (2, [True, False, False, False, True]),
    ],
)
def test_each_effort_looks_for_hands_as_often_as_it_says(effort: int, expected: list[bool]) -> None:
    graph = ScriptedGraph(person())
    made = MediapipePose(AT_ONCE, graph=graph)
    made.set_effort(effort)
    for i in range(5):
        sample = made.step(Frame(np.zeros((480, 640, 3), np.uint8), i * 40_000_000, 0, i), i)
        assert "left_hand" in sample.parts
    assert graph.hands == expected


def test_a_new_epoch_looks_for_hands_at_once() -> None:
    graph = ScriptedGraph(person())
    made = MediapipePose(AT_ONCE, graph=graph)
    made.set_effort(2)
    picture = np.zeros((480, 640, 3), np.uint8)
    made.step(Frame(picture, 0, 0, 0), 0)
    made.reset()
    made.step(Frame(picture, 40_000_000, 1, 1), 1)
    assert graph.hands == [True, True]
