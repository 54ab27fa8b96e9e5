"""Whatever comes in, the shipped recogniser is right, or silent, or says that it cannot tell."""

from collections.abc import Callable
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from engine.messages import GestureEvent
from engine.poses import F32, PoseSample
from engine.skeletons import HOLISTIC_75
from tests.recognizers.graph.filmed import SIZE_PX, Film, events_of_each, films, found

PEOPLE = 6
TOUCH = ("touch_jaw", 0)
HEAD = {"Head-Hand", "Body-Hand"}
LEFT = slice(*HOLISTIC_75.parts["left_hand"])
RIGHT = slice(*HOLISTIC_75.parts["right_hand"])

Change = Callable[[F32, int], F32]


def unchanged(joints: F32, index: int) -> F32:
    return joints


def changed(film: Film, change: Change) -> list[PoseSample]:
    return [
        replace(one, joints=change(one.joints.copy(), index).astype(np.float32))
        for index, one in enumerate(film.samples)
    ]


def events_of(people: list[Film], change: Change = unchanged) -> list[GestureEvent]:
    """Of all of them."""
    return list(chain(*events_of_each([changed(film, change) for film in people])))


def hits(people: list[Film], change: Change = unchanged) -> int:
    """How many of them are found to touch the head."""
    events = events_of_each([changed(film, change) for film in people])
    return sum(found(film, own, HEAD) for film, own in zip(people, events, strict=True))


def seconds(film: Film) -> float:
    return (film.samples[-1].capture_ns - film.samples[0].capture_ns) / 1e9


@pytest.mark.parametrize("rate_hz", [5.0, 15.0, 25.0, 60.0, 120.0])
def test_a_touch_is_found_at_any_frame_rate(rate_hz: float) -> None:
    assert hits(films(*TOUCH, PEOPLE, rate_hz)) >= PEOPLE - 2


def test_hands_named_after_the_wrong_side_make_no_difference() -> None:
    def swap(joints: F32, index: int) -> F32:
        if index % 2:
            joints[LEFT], joints[RIGHT] = joints[RIGHT].copy(), joints[LEFT].copy()
        return joints

    assert hits(films(*TOUCH, PEOPLE), swap) >= PEOPLE - 2


def test_a_camera_on_its_side_gives_no_events() -> None:
    def turn(joints: F32, index: int) -> F32:
        seen = joints[:, 2] > 0
        joints[seen, :2] = np.stack([1.0 - joints[seen, 1], joints[seen, 0]], axis=-1)
        return joints

    turned = [
        [replace(one, width_px=one.height_px, height_px=SIZE_PX) for one in changed(film, turn)]
        for film in films(*TOUCH, PEOPLE)
    ]
    assert not any(events_of_each(turned))


def test_one_joint_is_nobody() -> None:
    def keep_one(joints: F32, index: int) -> F32:
        joints[1:] = 0.0
        return joints

    assert not events_of(films(*TOUCH, 2), keep_one)


def test_joints_that_teleport_make_no_stream_of_events() -> None:
    rng = np.random.default_rng(0)

    def teleport(joints: F32, index: int) -> F32:
        joints[:, :2] = rng.random((len(joints), 2))
        return joints

    all_films = films(*TOUCH, PEOPLE)
    assert len(events_of(all_films, teleport)) <= 60.0 * sum(map(seconds, all_films)) / 60.0 / 20.0


def test_a_person_who_jumps_about_whole_makes_no_stream_of_events() -> None:
    rng = np.random.default_rng(0)

    def jump(joints: F32, index: int) -> F32:
        if index % 25 == 0:
            jump.by = rng.uniform(-0.3, 0.3, 2)  # type: ignore[attr-defined]
        seen = joints[:, 2] > 0
        joints[seen, :2] += jump.by  # type: ignore[attr-defined]
        return joints

    events = events_of(films("look_about", 0, PEOPLE), jump)
    assert sum(event.group in ("Head-Hand", "Body-Hand", "Hand") for event in events) <= 1


def test_a_person_who_only_looks_about_makes_no_touch() -> None:
    events = events_of(films("look_about", 0, PEOPLE))
    assert not [event for event in events if event.group in HEAD]
