"""Distances between two tracks, and which of them are shown to a person."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.pose.differences import Difference, differences, largest
from benchmarks.pose.distances import Found, apart, found, of_body, of_hands
from benchmarks.pose.open_loop import summary
from tests.benchmarks.pose.tracks import track


def test_distances_are_in_shoulder_widths_of_the_reference() -> None:
    distances = apart(track([0, 0]), track([10, 25]))
    assert of_body(distances) == pytest.approx([0.1] * 25 + [0.25] * 25)
    assert of_hands(distances).size == 2 * 42


def test_what_one_of_them_lacks_has_no_distance() -> None:
    reference = track([0, 0, 0], valid=[True, False, True])
    other = track([10, 10, 10], valid=[True, True, False])
    distances = apart(reference, other)
    assert of_body(distances).size == 25
    assert of_hands(apart(reference, track([0, 0, 0], hands=False))).size == 0


def test_a_person_seen_from_the_side_has_no_distance() -> None:
    reference = track([0.0])
    reference.joints[:, 11:13, 0] = 0.5
    assert of_body(apart(reference, track([1.0]))).size == 0


def test_frames_in_which_a_part_was_found_are_counted() -> None:
    reference = track([0] * 4, valid=[True, True, False, False])
    other = track([0] * 4, valid=[False, True, True, True])
    assert found(reference, other, "body") == Found(2, 3, 1)
    assert found(reference, track([0] * 4, hands=False), "left_hand") == Found(2, 0, 0)


def test_a_difference_is_the_mean_of_the_points_of_a_part() -> None:
    other = track([0.0])
    other.joints[0, 33, 0] += 42 / 400
    by_part = {each.part: each for each in differences(track([0.0]), other)}
    assert by_part["left_hand"].distance == pytest.approx(42 / 100 / 21)
    assert by_part["right_hand"].distance == pytest.approx(0.0, abs=1e-6)


def test_the_largest_are_shown_but_one_stretch_only_once() -> None:
    one = Difference("clip", 10, 1.0, "body", 0.5)
    found = [
        one,
        replace(one, frame=11, time_s=1.05, distance=0.6),
        replace(one, frame=20, time_s=2.0, distance=0.1),
        replace(one, part="left_hand", distance=0.2),
        replace(one, clip="other", distance=0.3),
    ]
    shown = [(each.clip, each.part, each.distance) for each in largest(found, 3)]
    assert shown == [("clip", "body", 0.6), ("other", "body", 0.3), ("clip", "left_hand", 0.2)]


def test_frames_without_a_part_do_not_count_in_open_loop() -> None:
    rows = [np.array([[0.1, np.nan, np.nan], [0.3, 0.02, np.nan]])]
    told = summary(rows)
    assert told["body"] == {"frames": 2, "median_px": 0.2, "p95_px": 0.29, "max_px": 0.3}
    assert told["left_hand"]["frames"] == 1
    assert told["right_hand"] == {"frames": 0}
