"""Which stretches are still, and what jitters in them."""

import numpy as np
import pytest

from benchmarks.pose.stillness import jitter, pooled, still_windows
from tests.benchmarks.pose.tracks import track


def test_a_second_without_motion_is_still_and_one_with_motion_is_not() -> None:
    moved = [*([0.0] * 20), *np.linspace(0, 30, 20).tolist(), *([30.0] * 20)]
    assert still_windows(track(moved), "body") == [slice(0, 20), slice(40, 60)]


def test_noise_below_the_bound_is_still() -> None:
    noise = np.random.default_rng(0).normal(0, 1, 20)
    assert still_windows(track((0.4 * noise).tolist()), "body") == [slice(0, 20)]
    assert still_windows(track((5.0 * noise).tolist()), "body") == []


def test_a_second_in_which_the_part_is_not_always_seen_is_not_still() -> None:
    assert still_windows(track([0.0] * 20, hands=False), "left_hand") == []
    gone = [True] * 10 + [False] + [True] * 9
    assert still_windows(track([0.0] * 20, valid=gone), "body") == []


def test_too_few_frames_are_no_second() -> None:
    assert still_windows(track([0.0] * 23), "body") == [slice(0, 20)]


def test_jitter_is_the_second_difference_in_shoulder_widths() -> None:
    reference = track([0.0] * 20)
    steady = jitter(track(np.arange(20.0).tolist()), reference, "body", slice(0, 20))
    assert steady == pytest.approx(np.zeros(18 * 25), abs=1e-5)
    trembling = track([0.0, 1.0] * 10)
    assert jitter(trembling, reference, "left_hand", slice(0, 20)) == pytest.approx(
        np.full(18 * 21, 0.02), rel=1e-3
    )


def test_what_is_not_there_does_not_jitter() -> None:
    reference = track([0.0] * 20)
    assert jitter(track([0.0] * 20, hands=False), reference, "left_hand", slice(0, 20)).size == 0
    assert pooled([]).size == 0
