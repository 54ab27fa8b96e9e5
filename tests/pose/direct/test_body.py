"""What is made of the body network's numbers."""

import math

import numpy as np
import pytest

from engine.frames import U8
from plugins.pose.direct.body import Body, BodyNetwork, next_region
from plugins.pose.direct.region import Region
from tests.pose.direct.scripted import HEATMAP, ScriptedNetwork, body_outputs, f32

BLANK: U8 = np.zeros((480, 640, 3), np.uint8)
REGION = Region(320.0, 240.0, 512.0, 0.0)
TURNED = Region(320.0, 240.0, 512.0, math.pi / 2)


def see(network: ScriptedNetwork, region: Region = REGION) -> Body:
    return BodyNetwork(network).see(BLANK, region)


@pytest.fixture
def network() -> ScriptedNetwork:
    return ScriptedNetwork(256, *body_outputs())


def test_numbers_are_pixels_of_the_crop() -> None:
    rows, score, heat = body_outputs()
    rows[11, :3] = 192, 64, -32
    body = see(ScriptedNetwork(256, rows, score, heat))
    assert body.points_px.shape == (35, 3)
    # A region of 512 in a crop of 256: twice as far from the middle, and as deep.
    np.testing.assert_allclose(body.points_px[11], (320 + 128, 240 - 128, -64))


def test_a_turned_region_turns_places_but_not_depth() -> None:
    rows, score, heat = body_outputs()
    rows[11, :3] = 192, 64, -32
    body = see(ScriptedNetwork(256, rows, score, heat), TURNED)
    np.testing.assert_allclose(body.points_px[11], (320 + 128, 240 + 128, -64))


def test_visibility_is_a_logit_and_the_score_is_not() -> None:
    rows, _, heat = body_outputs()
    rows[:33, 3] = np.linspace(-100, 100, 33)
    rows[7, 3] = math.log(3)
    body = see(ScriptedNetwork(256, rows, f32(0.75), heat))
    assert body.visibility.shape == (33,)
    assert body.visibility[7] == pytest.approx(0.75)
    assert (body.visibility[0], body.visibility[32]) == pytest.approx((0, 1))
    assert body.score == 0.75


def test_a_landmark_follows_its_heatmap() -> None:
    rows, score, heat = body_outputs()
    maps = heat.reshape(HEATMAP)
    maps[30, 34, 5] = 100.0
    body = see(ScriptedNetwork(256, rows, score, maps))
    np.testing.assert_allclose(body.points_px[5, :2], (320 + 2 * 8, 240 - 2 * 8))
    np.testing.assert_allclose(body.points_px[4, :2], (320, 240))


def test_the_circle_is_about_the_hips_and_the_next_region_has_room(
    network: ScriptedNetwork,
) -> None:
    body = see(network)
    circle = body.circle
    assert (circle.x_px, circle.y_px) == pytest.approx((320, 240))
    assert circle.side_px == pytest.approx(0.8 * 512)
    assert circle.rotation_rad == pytest.approx(0)
    region = next_region(body.points_px[33:])
    assert (region.x_px, region.y_px, region.side_px) == pytest.approx((320, 240, 512))


def test_a_leaning_body_is_looked_for_leaning() -> None:
    outputs = body_outputs({34: (0.9, 0.5)})
    region = see(ScriptedNetwork(256, *outputs)).circle
    assert math.degrees(region.rotation_rad) == pytest.approx(90)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_score_that_is_not_finite_is_none_at_all(bad: float) -> None:
    rows, _, heat = body_outputs()
    assert see(ScriptedNetwork(256, rows, f32(bad), heat)).score == 0.0


def test_places_that_are_not_finite_leave_nowhere_to_look_next() -> None:
    rows, score, heat = body_outputs()
    rows[:] = np.nan
    body = see(ScriptedNetwork(256, rows, score, heat))
    assert not body.circle.is_usable
    assert not next_region(body.points_px[33:]).is_usable


def test_what_was_seen_stays_when_the_network_goes_on(network: ScriptedNetwork) -> None:
    body = see(network)
    kept = body.points_px.copy(), body.visibility.copy()
    rows, score, heat = body_outputs()
    network.says(rows + 9.0, score, heat + 500.0)
    see(network)
    np.testing.assert_array_equal(body.points_px, kept[0])
    np.testing.assert_array_equal(body.visibility, kept[1])


def test_the_network_looks_at_the_region_and_beyond_the_edge_goes_on_with_it(
    network: ScriptedNetwork,
) -> None:
    left_half = BLANK.copy()
    left_half[:, :320] = 200
    BodyNetwork(network).see(left_half, Region(320.0, 240.0, 1024.0, 0.0))
    assert (network.picture[:, :126] == 200).all()
    assert not network.picture[:, 130:].any()
