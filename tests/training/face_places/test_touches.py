"""Simulated people have outlines of their own, and touch their own faces."""

from functools import partial

import numpy as np
import pytest
from msgspec.structs import replace

from engine.skeletons import HOLISTIC_97
from tests.training.face_places.faces import FITTED
from training.face_places.examples import STRENGTHS, Examples, make_examples, together
from training.face_places.features import INPUTS, features, templates
from training.face_places.material import MIRRORED, NAMES
from training.face_places.shape import FaceShape
from training.face_places.touches import CLASSES, Touches, draw_touches, outline_in_space

NOBODY = dict.fromkeys(FITTED.shape.places, (0.0, 0.0, 0.0))
# One way to differ: everything below the nose lies lower.
LOW = {
    name: (0.0, -0.2 if place[1] < -0.3 else 0.0, 0.0)
    for name, place in FITTED.shape.places.items()
}


SHORT = partial(make_examples, FITTED, count=4, seconds=16.0)


def touches(shape: FaceShape = FITTED.shape) -> Touches:
    return draw_touches(np.random.default_rng(1), 12, 10.0, "train", shape)


@pytest.fixture(scope="module")
def some() -> Examples:
    return SHORT(split="test", index=0)


def test_the_outline_moves_with_the_head() -> None:
    scene = touches().scene
    people, motion = scene.people, scene.motion
    # Places that are the body's own points must come to lie where those are.
    local = np.zeros((len(people), 22, 3))
    local[:, 0] = people.face[:, 0]
    local[:, 1] = people.face[:, 5]
    local[:, 2] = people.face[:, 4] * (-1, 1, 1)
    local[:, 3] = people.face[:, 2]
    there = outline_in_space(people, motion, local)
    for place, joint in enumerate(("nose", "mouth_left", "right_ear", "left_eye")):
        own = motion.joints[:, :, HOLISTIC_97.index(joint)]
        np.testing.assert_allclose(there[:, :, place], own, atol=1e-4)


def test_left_and_right_are_as_they_look_in_a_mirror_too() -> None:
    found = touches()
    mirrored = found.scene.cameras.mirrored
    assert 0 < mirrored.sum() < len(mirrored)
    gap = found.outline[:, 0, NAMES.index("left_cheekbone"), 0]
    gap = gap - found.outline[:, 0, NAMES.index("right_cheekbone"), 0]
    assert (gap > 0).all()
    assert MIRRORED[NAMES.index("left_jaw")] == NAMES.index("right_jaw")


def test_who_has_a_low_chin_is_touched_lower() -> None:
    usual, low = (touches(replace(FITTED.shape, modes=(mode,))) for mode in (NOBODY, LOW))
    holds = [
        [hold.at for line in found.scene.timelines for hand in line.holds for hold in hand]
        for found in (usual, low)
    ]
    moved = np.array(holds[1]) - np.array(holds[0])
    at = np.array(holds[0])
    ahead = at[:, 2] > 0.2
    assert np.abs(moved[ahead & (at[:, 1] < -0.5), 1]).max() > 0.1
    above = np.abs(moved[ahead & (at[:, 1] > 0.2)])
    assert len(above) > 0
    assert above.max() < 0.02
    np.testing.assert_allclose(moved[:, (0, 2)], 0.0, atol=1e-5)


def test_the_same_seed_gives_the_same_ticks_and_parts_are_numbered_on(some: Examples) -> None:
    first, again = some, SHORT(split="test", index=0)
    np.testing.assert_array_equal(first.joints, again.joints)
    np.testing.assert_array_equal(first.outlines, again.outlines)
    assert first.outlines.shape[1:] == (len(STRENGTHS), 22, 2)
    assert set(np.unique(first.kind)) <= set(range(len(CLASSES)))
    both = together([first, again])
    assert len(np.unique(both.person)) == 2 * len(np.unique(first.person))
    assert len(np.unique(both.event)) == 2 * len(np.unique(first.event))


def test_a_stronger_error_lies_further_off_and_a_perfect_tracker_finds_more(some: Examples) -> None:
    usual = some.outlines[:, STRENGTHS.index(1.0)]
    off = [np.abs(some.outlines[:, k] - usual).mean() for k in range(len(STRENGTHS))]
    assert off[STRENGTHS.index(1.0)] == 0
    assert off[STRENGTHS.index(2.0)] > 1.5 * off[STRENGTHS.index(0.5)] > 0
    perfect = SHORT(split="test", index=0, tracker="perfect")
    assert len(perfect.kind) >= len(some.kind)
    assert perfect.joints[:, 0, 2].min() > 0.99 > some.joints[:, 11:23, 2].min()
    found = [(one.joints[:, 33:75, 2] > 0).mean() for one in (perfect, some)]
    assert found[0] > found[1]


@pytest.mark.parametrize("inputs", INPUTS)
def test_only_one_kind_of_classifier_gets_the_outline(inputs: str, some: Examples) -> None:
    outline = some.outlines[:, 1]
    average = templates(some.joints, outline)
    (kind,) = (one for one in INPUTS if one == inputs)
    numbers, other = (features(some.joints, o, kind, average) for o in (outline, outline + 0.1))
    assert np.isfinite(numbers).all()
    assert np.abs(numbers).max() <= 2.0
    assert (np.abs(numbers - other).max() > 0) == (inputs == "outline")


def test_numbers_do_not_depend_on_place_size_or_roll(some: Examples) -> None:
    joints, outline = some.joints, some.outlines[:, 1]
    average = templates(joints, outline)
    turn = 1.3 * np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]], np.float32)
    moved = joints.copy()
    moved[..., :2] = joints[..., :2] @ turn.T + np.float32(0.4)
    there = outline @ turn.T + np.float32(0.4)
    # What goes beyond the recogniser's own channels, one of which is the growth of the person.
    own = features(joints, outline, "today", average).shape[1]
    plain, other = (
        features(j, o, "outline", average)[:, own:] for j, o in ((joints, outline), (moved, there))
    )
    hands = joints[:, 33:75, 2].any(axis=1)
    assert np.median(np.abs(plain - other)[hands]) < 1e-4
