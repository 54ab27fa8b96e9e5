"""Hands, arms and people are built like hands, arms and people."""

import itertools

import numpy as np
import pytest

from engine.poses import F32
from training.simulator.arms import bend
from training.simulator.draws import Part, in_cells
from training.simulator.geometry import minimum_jerk, unit
from training.simulator.hand import TIPS, contact_point, hand_points
from training.simulator.people import draw_people

_CHAINS = [(0, 5, 6, 7, 8), (0, 9, 10, 11, 12), (0, 13, 14, 15, 16), (0, 17, 18, 19, 20)]


def hand(curl: float, thumb: float = 0.3, spread: float = 0.5) -> F32:
    bends = np.full(4, curl, np.float32)
    return hand_points(bends, np.float32(thumb), np.float32(spread))


def bones(points: F32) -> F32:
    return np.array(
        [
            np.linalg.norm(points[b] - points[a])
            for chain in _CHAINS
            for a, b in itertools.pairwise(chain)
        ]
    )


@pytest.mark.parametrize("curl", [0.0, 0.3, 0.7, 1.0])
def test_bending_fingers_does_not_change_the_length_of_bones(curl: float) -> None:
    np.testing.assert_allclose(bones(hand(curl)), bones(hand(0.0)), atol=1e-5)


def test_a_flat_hand_is_flat_and_a_fist_brings_the_tips_to_the_palm() -> None:
    flat, fist = hand(0.0), hand(1.0)
    tips, palm = list(TIPS[1:]), [0, 5, 17]
    assert np.abs(flat[tips, 2]).max() < 0.05
    assert flat[12, 1] == pytest.approx(2.02, abs=0.02)
    gap = np.linalg.norm(fist[tips] - fist[palm].mean(axis=0), axis=-1)
    assert gap.max() < 0.8
    assert fist[tips, 2].min() > 0.0  # on the palm's side


def test_the_contact_point_is_the_part_that_is_named() -> None:
    curl = np.zeros(4, np.float32)
    np.testing.assert_allclose(contact_point("index", curl, 0.3, 0.5), hand(0.0)[8], atol=1e-6)
    np.testing.assert_allclose(contact_point("wrist", curl, 0.3, 0.5), 0.0)


def reaching(target: F32) -> tuple[F32, F32, F32, F32, float]:
    def one(*v: float) -> F32:
        return np.array(v, np.float32).reshape(1, 1, 3)

    shoulder, lengths = one(0.16, 0.0, 0.0), np.array([[0.28, 0.25]], np.float32)
    contact = one(0.0, 0.1, 0.0)
    arm = bend(
        shoulder,
        target.reshape(1, 1, 3),
        contact,
        unit(one(-0.4, 0.8, 0.2)),
        unit(one(0.0, 0.0, -1.0)),
        one(0.5, -1.0, -0.2),
        lengths,
    )
    return (
        shoulder[0, 0],
        arm.elbow[0, 0],
        arm.wrist[0, 0],
        arm.fingers[0, 0],
        float(arm.short_m[0, 0]),
    )


@pytest.mark.parametrize("target", [(0.1, 0.25, 0.2), (0.0, -0.2, 0.3), (0.4, 0.1, 0.15)])
def test_a_hand_gets_where_it_should_with_bones_of_their_length(
    target: tuple[float, float, float],
) -> None:
    place = np.array(target, np.float32)
    shoulder, elbow, wrist, fingers, short_m = reaching(place)
    assert np.linalg.norm(elbow - shoulder) == pytest.approx(0.28, abs=1e-4)
    assert np.linalg.norm(wrist - elbow) == pytest.approx(0.25, abs=1e-4)
    assert short_m == pytest.approx(0.0, abs=1e-4)
    np.testing.assert_allclose(wrist + 0.1 * fingers, place, atol=1e-4)


def test_a_wrist_bends_no_further_than_it_can() -> None:
    for target in ((0.1, 0.25, 0.2), (0.35, -0.4, 0.1), (0.0, 0.1, 0.1)):
        _, elbow, wrist, fingers, _ = reaching(np.array(target, np.float32))
        forearm = (wrist - elbow) / np.linalg.norm(wrist - elbow)
        assert float(forearm @ fingers) > np.cos(np.deg2rad(80))


def test_what_is_out_of_reach_says_by_how_much() -> None:
    *_, short_m = reaching(np.array((0.0, 0.0, 1.5), np.float32))
    assert short_m > 0.7


def test_a_reach_starts_and_ends_at_rest() -> None:
    part = np.linspace(0.0, 1.0, 1001)
    way = minimum_jerk(part)
    speed = np.diff(way) / np.diff(part)
    assert (way[0], way[-1]) == (0.0, 1.0)
    assert speed.max() == pytest.approx(1.875, abs=0.01)  # Flash and Hogan: 1.875 of the mean
    assert max(speed[0], speed[-1]) < 0.01


@pytest.mark.parametrize("dims", [2, 5])
def test_no_cell_of_the_population_is_shared_by_training_and_test(dims: int) -> None:
    cells = {}
    parts: tuple[Part, Part] = ("train", "test")
    for part in parts:
        drawn = in_cells(np.random.default_rng(1), 5000, dims, part)
        assert drawn.shape == (5000, dims)
        assert drawn.min() >= 0
        assert drawn.max() < 1
        cells[part] = {tuple(row) for row in np.floor(drawn * 4).astype(int).tolist()}
    assert not cells["train"] & cells["test"]
    assert len(cells["test"]) > 0.1 * 4**dims


def test_people_have_the_proportions_that_the_pose_network_sees() -> None:
    people = draw_people(np.random.default_rng(2), 4000, "train")
    assert np.median(people.ear_m / people.shoulder_m) == pytest.approx(0.38, abs=0.02)
    assert np.median(people.upper_arm_m / people.shoulder_m) == pytest.approx(0.84, abs=0.04)
    assert np.std(people.shoulder_m) > 0.02
