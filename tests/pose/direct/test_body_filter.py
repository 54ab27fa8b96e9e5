"""A body that is followed, steadied."""

from dataclasses import replace

import numpy as np
import pytest

from plugins.pose.direct.body import Body, next_region
from plugins.pose.direct.body_filter import BodyFilter
from plugins.pose.direct.region import F64
from tests.pose.direct.figures import body

FRAME_NS = 33_333_333
STILL = body()


def shaken(i: int, by_px: float = 3.0) -> Body:
    """The still body with noise on everything."""
    noise = np.random.default_rng(i).normal(0, by_px, STILL.points_px.shape)
    return replace(STILL, points_px=STILL.points_px + noise)


def moved(by_px: float) -> Body:
    return replace(STILL, points_px=STILL.points_px + np.array([by_px, 0.0, 0.0]))


def jitter(points: list[F64]) -> float:
    return float(np.abs(np.diff(np.array(points), axis=0)).mean())


def test_the_first_body_passes() -> None:
    given, region = BodyFilter(smooth=True).step(STILL, 0)
    np.testing.assert_array_equal(given.points_px, STILL.points_px)
    np.testing.assert_array_equal(given.visibility, STILL.visibility)
    assert given.score == STILL.score
    assert region == next_region(STILL.points_px[33:])


def test_noise_is_smoothed_and_unsmoothed_it_is_not() -> None:
    smooth, raw = BodyFilter(smooth=True), BodyFilter(smooth=False)
    seen = [shaken(i) for i in range(60)]
    steady = [smooth.step(one, i * FRAME_NS)[0].points_px[:33] for i, one in enumerate(seen)]
    passed = [raw.step(one, i * FRAME_NS)[0].points_px[:33] for i, one in enumerate(seen)]
    assert jitter(steady[20:]) < 0.6 * jitter(passed[20:])
    for given, came in zip(passed, seen, strict=True):
        np.testing.assert_array_equal(given, came.points_px[:33])


@pytest.mark.parametrize("smooth", [True, False])
def test_where_to_look_next_is_smoothed_in_any_case(smooth: bool) -> None:
    made = BodyFilter(smooth=smooth)
    seen = [shaken(i) for i in range(60)]
    looked = [made.step(one, i * FRAME_NS)[1] for i, one in enumerate(seen)]
    wished = [next_region(one.points_px[33:]) for one in seen]
    assert np.std([one.side_px for one in looked[20:]]) < 0.3 * np.std(
        [one.side_px for one in wished[20:]]
    )


def test_it_smooths_alike_near_and_far() -> None:
    near, far = BodyFilter(smooth=True), BodyFilter(smooth=True)
    for i in range(20):
        seen = shaken(i)
        large = near.step(seen, i * FRAME_NS)
        small = far.step(replace(seen, points_px=seen.points_px / 4), i * FRAME_NS)
        np.testing.assert_allclose(small[0].points_px, large[0].points_px / 4, rtol=1e-9)
        assert small[1].side_px == pytest.approx(large[1].side_px / 4)


def test_a_walk_is_followed_with_a_lag_well_below_the_body() -> None:
    made = BodyFilter(smooth=True)
    for i in range(30):
        given, region = made.step(moved(10.0 * i), i * FRAME_NS)
    assert 0 < 290 - (given.points_px[0, 0] - 320) < 10.0
    assert 0 < 290 - (region.x_px - 320) < 40.0


@pytest.mark.parametrize("fps", [10, 30, 60])
def test_visibility_takes_a_third_of_a_second_at_any_rate(fps: int) -> None:
    made = BodyFilter(smooth=True)
    made.step(replace(STILL, visibility=np.ones(33)), 0)
    hidden = replace(STILL, visibility=np.zeros(33))
    for i in range(1, fps + 1):
        given, _ = made.step(hidden, round(i * 1e9 / fps))
    # A tenth 30 times a second, as in MediaPipe.
    np.testing.assert_allclose(given.visibility, 0.9**30, rtol=1e-6)


def test_visibility_stays_as_it_came_without_smoothing() -> None:
    made = BodyFilter(smooth=False)
    made.step(replace(STILL, visibility=np.ones(33)), 0)
    given, _ = made.step(replace(STILL, visibility=np.zeros(33)), FRAME_NS)
    assert not given.visibility.any()


def test_time_that_stands_still_lets_points_pass_and_keeps_visibility() -> None:
    made = BodyFilter(smooth=True)
    made.step(replace(STILL, visibility=np.ones(33)), FRAME_NS)
    for time_ns in (FRAME_NS, 0):
        given, _ = made.step(replace(moved(50.0), visibility=np.zeros(33)), time_ns)
        assert given.points_px[0, 0] == 370.0
        assert (given.visibility == 1.0).all()


def test_reset_forgets_everything() -> None:
    made = BodyFilter(smooth=True)
    for i in range(10):
        made.step(replace(shaken(i), visibility=np.zeros(33)), i * FRAME_NS)
    made.reset()
    given, region = made.step(moved(100.0), 0)
    np.testing.assert_array_equal(given.points_px, moved(100.0).points_px)
    np.testing.assert_array_equal(given.visibility, STILL.visibility)
    assert region == next_region(moved(100.0).points_px[33:])


def test_what_was_seen_is_not_written_to() -> None:
    made = BodyFilter(smooth=True)
    made.step(STILL, 0)
    seen = shaken(1)
    kept = seen.points_px.copy()
    made.step(seen, FRAME_NS)
    made.step(shaken(2), 2 * FRAME_NS)
    np.testing.assert_array_equal(seen.points_px, kept)


def test_a_body_without_extent_is_no_trouble() -> None:
    made = BodyFilter(smooth=True)
    point = replace(STILL, points_px=np.zeros((35, 3)))
    for i in range(3):
        given, region = made.step(point, i * FRAME_NS)
    assert not given.points_px.any()
    assert not region.is_usable


def test_a_landmark_that_is_nowhere_once_is_back_in_the_next_picture() -> None:
    made = BodyFilter(smooth=True)
    made.step(STILL, 0)
    broken = replace(STILL, points_px=STILL.points_px.copy(), visibility=STILL.visibility.copy())
    broken.points_px[25] = broken.visibility[25] = np.nan
    given, region = made.step(broken, FRAME_NS)
    assert np.isnan(given.points_px[25]).all()
    assert np.isnan(given.visibility[25])
    assert region == next_region(STILL.points_px[33:])
    given, _ = made.step(STILL, 2 * FRAME_NS)
    np.testing.assert_array_equal(given.points_px, STILL.points_px)
    np.testing.assert_array_equal(given.visibility, STILL.visibility)
