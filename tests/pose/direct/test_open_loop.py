"""Each part by itself does what its part of MediaPipe's graph does with the same input."""

from pathlib import Path

import numpy as np
import pytest

from engine.frames import U8
from plugins.pose.direct.body import Body
from plugins.pose.direct.body_filter import BodyFilter
from plugins.pose.direct.hand_regions import by_body
from plugins.pose.direct.networks import Networks, loaded
from plugins.pose.direct.region import F64, Region
from plugins.pose.direct.runtimes import loader
from tests.pose.clip_frames import frames
from tests.pose.direct.graph_streams import Packets, points_px, region, visibility, watched
from tests.pose.direct.portrait import room

FPS = 12.0
_SIDES = ("left", "right")
_HAND_POINTS = (15, 17, 19)
# Head and shoulders, which the portrait shows.
_SEEN = slice(0, 13)


@pytest.fixture(scope="module")
def networks() -> Networks:
    return loaded(loader("openvino", "f32"), 1, 0.5)


@pytest.fixture(scope="module", params=[0, 20, -45, 90], ids=lambda turn: f"turned by {turn}")
def still(request: pytest.FixtureRequest) -> tuple[U8, list[Packets]]:
    """A picture and what the graph makes of it, twice."""
    image = room(request.param)
    seen = watched([image] * 2, FPS, smooth=False)
    assert all("raw points" in packets for packets in seen)
    return image, seen


@pytest.fixture(scope="module")
def moving() -> tuple[list[U8], list[Packets]]:
    """A person who moves ever quicker and turns."""
    images = [room(2.0 * i, (0.5 * i * i, 0.0)) for i in range(12)]
    return images, watched(images, FPS, smooth=True)


def assert_near(one: Region, other: Region, px: float, rad: float) -> None:
    assert np.hypot(one.x_px - other.x_px, one.y_px - other.y_px) < px
    assert abs(one.side_px - other.side_px) < px
    assert abs(np.remainder(one.rotation_rad - other.rotation_rad + 1, 2 * np.pi) - 1) < rad


def worst_px(one: F64, other: F64) -> float:
    return float(np.hypot(*(one - other)[:, :2].T).max())


def test_a_person_is_found_in_the_same_region(
    networks: Networks, still: tuple[U8, list[Packets]]
) -> None:
    image, seen = still
    found = networks.detector.find(image)[0]
    assert_near(found.region, region(seen[0]["region by detector"], image), 0.05, 1e-4)


def test_hands_are_looked_for_in_the_same_places(
    networks: Networks, still: tuple[U8, list[Packets]]
) -> None:
    image, seen = still
    compared = 0
    for packets in seen:
        body = points_px(packets["points"], image)
        for number, side in enumerate(_SIDES):
            if f"{side} region by body" not in packets:
                continue
            theirs = region(packets[f"{side} region by body"], image)
            mine = by_body(*(body[point + number, :2] for point in _HAND_POINTS))
            assert_near(mine, theirs, 1e-2, 1e-4)
            placed = networks.hands[number].placer.place(image, theirs)
            assert_near(placed, region(packets[f"{side} region placed"], image), 0.2, 2e-3)
            compared += 1
    assert compared >= 1


def test_filters_give_the_same_landmarks_and_the_same_next_region(
    moving: tuple[list[U8], list[Packets]],
) -> None:
    images, seen = moving
    made = BodyFilter(smooth=True)
    for i, (image, packets) in enumerate(zip(images, seen, strict=True)):
        raw, place = points_px(packets["raw points"], image), packets["raw place"]
        points = np.concatenate([raw, points_px(place, image)[:2]])
        body = Body(points, visibility(packets["raw points"]), 0.99)
        # In whole microseconds, as the graph has it.
        given, next_region = made.step(body, round(i * 1e6 / FPS) * 1000)
        theirs = points_px(packets["points"], image)
        np.testing.assert_allclose(given.points_px[:33], theirs, atol=0.02)
        assert_near(next_region, region(packets["next region"], image), 0.02, 1e-4)
    assert np.abs(theirs - raw).max() > 1.0


def test_visibility_is_smoothed_as_at_thirty_frames_a_second(
    moving: tuple[list[U8], list[Packets]],
) -> None:
    made = BodyFilter(smooth=True)
    for i, packets in enumerate(moving[1]):
        body = Body(np.ones((35, 3)), visibility(packets["raw points"]), 0.99)
        # The graph takes a tenth of every new one, whatever its time.
        given, _ = made.step(body, round(i * 1e9 / 30))
        np.testing.assert_allclose(given.visibility, visibility(packets["points"]), atol=1e-4)


def test_in_the_same_region_the_body_is_the_same(
    networks: Networks, still: tuple[U8, list[Packets]]
) -> None:
    image, seen = still
    for packets in seen:
        body = networks.body.see(image, region(packets["region"], image))
        theirs, sure = points_px(packets["raw points"], image), visibility(packets["raw points"])
        away = np.hypot(*(body.points_px[:33, :2] - theirs[:, :2]).T)
        # Points that nobody sees, below the picture's edge, follow the noise of a few pixels.
        assert away[_SEEN].max() <= 0.05
        assert np.median(away) <= 0.03
        np.testing.assert_allclose(body.points_px[:33, 2][_SEEN], theirs[_SEEN, 2], atol=0.5)
        np.testing.assert_allclose(body.visibility, sure, atol=0.005)


@pytest.mark.clips
def test_in_the_same_regions_a_signers_body_and_hands_are_the_same(
    networks: Networks, clips: Path
) -> None:
    signing = frames(clips / "video" / "intel_asl_book.mkv", 0.8, 1.8)
    images = [frame.image for frame in signing]
    bodies, hands = [], []
    for image, packets in zip(images, watched(images, 30.0, smooth=False), strict=True):
        if "raw points" not in packets:
            continue
        body = networks.body.see(image, region(packets["region"], image))
        bodies.append(worst_px(body.points_px[:33], points_px(packets["raw points"], image)))
        for number, side in enumerate(_SIDES):
            if f"{side} hand" in packets:
                told = region(packets[f"{side} region"], image)
                hand = networks.hands[number].hand.see(image, told)
                theirs = points_px(packets[f"{side} hand"], image)
                hands.append(worst_px(hand.points_px, theirs))
    assert np.median(bodies) <= 0.05
    assert np.median(hands) <= 0.02
    assert len(bodies) >= 25
    assert len(hands) >= 25
