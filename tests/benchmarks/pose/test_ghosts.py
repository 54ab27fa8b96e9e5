"""Poses where nobody is."""

import numpy as np
import pytest

from benchmarks.pose.ghosts import Person, Verdict, ghosts, person, verdict
from benchmarks.pose.scenes import scenes
from benchmarks.pose.walker import walking_behind
from engine.frames import Frame
from tests.benchmarks.pose.tracks import HEIGHT_PX, SHOULDERS_PX, WIDTH_PX, track

_ALL = np.ones(4, np.bool_)


def test_a_pose_of_somebody_is_none_and_one_beside_them_is() -> None:
    there = person(track([0] * 4))
    own = track([0, 50, 150, 0], valid=[True, True, True, False])
    assert ghosts(own, [there], _ALL).tolist() == [False, False, True, False]
    beside = Person(there.middle_px + np.array([150.0, 0.0]), there.size_px)
    assert not ghosts(own, [there, beside], _ALL).any()


def test_a_pose_of_another_size_is_a_ghost() -> None:
    there = person(track([0] * 4))
    giant = Person(there.middle_px, 3 * there.size_px)
    assert ghosts(track([0] * 4), [giant], _ALL).all()


def test_every_pose_of_nobody_is_a_ghost_unless_nothing_is_known() -> None:
    known = np.array([True, True, False, False])
    assert ghosts(track([0] * 4), [], known).tolist() == [True, True, False, False]
    gone = person(track([0] * 4, valid=[False] * 4))
    assert ghosts(track([0] * 4), [gone], known).tolist() == [True, True, False, False]


def test_the_longest_ghost_is_an_unbroken_stretch() -> None:
    own = track([0] * 10, valid=[True] * 8 + [False] * 2)
    ghost = np.array([1, 1, 0, 1, 1, 1, 0, 0, 0, 0], np.bool_)
    assert verdict(own, ghost) == Verdict(0.15, 0.1, 0.25, 0.15)


def _frames(count: int) -> list[Frame]:
    """A white spot where the person of `track` is."""
    image = np.zeros((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    down, right = HEIGHT_PX // 2, WIDTH_PX // 4
    image[down - 20 : down + 21, right - 20 : right + 21] = 255
    return [Frame(image, 50_000_000 * k, 0, k) for k in range(count)]


def test_people_are_where_the_changed_pictures_show_them() -> None:
    seen = track([-WIDTH_PX / 4] * 3)
    made = {scene.name: scene for scene in scenes(_frames(3), seen)}
    assert len(made) == 8
    cut_off = made.pop("close-up, no shoulders")
    for name, scene in made.items():
        image = scene.frames[1].image
        down, right = np.nonzero(image[..., 0] > 0.9 * image[..., 0].max())
        spot = np.array([right.mean(), down.mean()])
        room_px = 5.0 if name == "dark" else 1.5  # noise
        assert spot == pytest.approx(scene.people[0].middle_px[1], abs=room_px), name
    assert cut_off.people[0].middle_px[1, 1] > cut_off.frames[0].size[1]
    far = made["far, a tenth of the height"].people[0]
    assert far.size_px[0] < 0.2 * SHOULDERS_PX


def test_who_walks_behind_is_gone_while_hidden() -> None:
    front, walker = track([0.0] * 41), track([0.0] * 10)
    scene = walking_behind(_frames(41), front, _frames(10), walker)
    x = scene.people[1].middle_px[:, 0]
    seen = np.isfinite(x)
    assert (np.diff(x[seen]) > 0).all()
    assert not seen[20]
    assert seen[0]
    assert seen[40]
    assert all(frame.size == (WIDTH_PX, HEIGHT_PX) for frame in scene.frames)
