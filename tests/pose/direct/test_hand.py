"""What is made of a hand network's numbers."""

import math

import numpy as np
import pytest

from engine.frames import U8
from plugins.pose.direct.hand import Hand, HandNetwork
from plugins.pose.direct.region import Region
from tests.pose.direct.scripted import ScriptedNetwork, f32, hand_outputs

BLANK: U8 = np.zeros((480, 640, 3), np.uint8)
REGION = Region(320.0, 240.0, 112.0, 0.0)


def see(network: ScriptedNetwork, region: Region = REGION) -> Hand:
    return HandNetwork(network).see(BLANK, region)


def test_numbers_are_pixels_of_the_crop_and_depth_two_and_a_half_times_those() -> None:
    points, score = hand_outputs()
    points[8] = 168, 56, -8
    hand = see(ScriptedNetwork(224, points, score))
    assert hand.points_px.shape == (21, 3)
    # A region of 112 in a crop of 224: half as far.
    np.testing.assert_allclose(hand.points_px[8], (320 + 28, 240 - 28, -8 / 2 / 0.4))
    assert hand.score == pytest.approx(0.99)
    assert hand.region is REGION


def test_a_turned_region_turns_places_but_not_depth() -> None:
    points, score = hand_outputs()
    points[8] = 168, 56, -8
    hand = see(ScriptedNetwork(224, points, score), Region(320.0, 240.0, 112.0, math.pi / 2))
    np.testing.assert_allclose(hand.points_px[8], (320 + 28, 240 + 28, -10))


def test_what_was_seen_stays_when_the_network_goes_on() -> None:
    network = ScriptedNetwork(224, *hand_outputs())
    hand = see(network)
    kept = hand.points_px.copy()
    network.says(np.zeros((21, 3), np.float32), f32(0.0))
    see(network)
    np.testing.assert_array_equal(hand.points_px, kept)
    assert hand.score == pytest.approx(0.99)
