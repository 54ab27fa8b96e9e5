"""Where a person is, and where they are to be expected."""

import math

import pytest

from plugins.pose.direct.detector import Detection
from plugins.pose.direct.presence import Presence, Trail, of_body, of_detection
from plugins.pose.direct.region import Region
from tests.pose.direct.figures import body

HERE = Presence(300.0, 200.0, 400.0)
MS = 1_000_000


def there(right: float = 0.0, down: float = 0.0, larger: float = 1.0) -> Presence:
    """Moved by so many sides."""
    return Presence(300.0 + 400 * right, 200.0 + 400 * down, 400.0 * larger)


def test_a_body_is_between_its_shoulders_and_as_large_as_its_circle() -> None:
    seen = body()
    seen.points_px[11, :2], seen.points_px[12, :2] = (380, 150), (260, 170)
    assert of_body(seen) == Presence(320.0, 160.0, 400.0)


def test_a_detection_says_the_same_of_the_same_person() -> None:
    found = Detection(Region(320.0, 240.0, 500.0, 0.0), (320.0, 160.0), 0.9)
    assert of_detection(found) == Presence(320.0, 160.0, 400.0)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (there(0.11), True),
        (there(0.13), False),
        (there(0.08, 0.08), True),
        (there(0.09, 0.09), False),
        (there(larger=1.6), True),
        (there(larger=1.7), False),
        (there(larger=0.61), True),
        (there(larger=0.6), False),
    ],
)
def test_the_same_is_near_and_about_as_large(other: Presence, same: bool) -> None:
    assert HERE.is_same(other) is same


def test_more_time_allows_more_of_a_way() -> None:
    assert HERE.is_same(there(0.3), more=0.2)
    assert not HERE.is_same(there(0.33), more=0.2)


@pytest.mark.parametrize("side", [0.0, -1.0, math.nan])
def test_what_has_no_extent_is_nobody(side: float) -> None:
    nothing = Presence(300.0, 200.0, side)
    assert not HERE.is_same(nothing)
    assert not nothing.is_same(HERE)


def trail(*steps: tuple[int, Presence]) -> Trail:
    made = Trail()
    for time_ms, presence in steps:
        made.add(time_ms * MS, presence)
    return made


def test_without_a_trail_nothing_is_expected() -> None:
    assert Trail().expected(0) is None
    assert Trail().last_ns is None
    made = trail((0, HERE))
    made.clear()
    assert made.expected(0) is None


def test_whoever_stood_is_expected_to_stand() -> None:
    made = trail(*((time_ms, HERE) for time_ms in range(0, 1000, 40)))
    assert made.expected(2000 * MS) == HERE
    assert made.last_ns == 960 * MS


def test_whoever_walked_is_expected_to_go_on_for_half_a_second() -> None:
    # Half a side in each second, so 200 px.
    made = trail(*((time_ms, there(time_ms / 2000)) for time_ms in range(0, 1040, 40)))
    for time_ms, x_px in ((1000, 500), (1250, 550), (1500, 600), (3000, 600)):
        expected = made.expected(time_ms * MS)
        assert expected is not None
        assert expected.x_px == pytest.approx(x_px)
        assert expected.y_px == 200.0


def test_speed_is_that_of_lately() -> None:
    stood = [(time_ms, HERE) for time_ms in range(0, 1000, 40)]
    went = [(1000 + i * 40, there(0.02 * i)) for i in range(20)]
    expected = trail(*stood, *went).expected(1760 * MS + 400 * MS)
    assert expected is not None
    assert expected.x_px == pytest.approx(300 + 400 * (0.38 + 0.2), abs=1)


def test_a_moment_tells_no_speed() -> None:
    made = trail((0, HERE), (100, there(0.1)))
    assert made.expected(500 * MS) == there(0.1)


def test_what_was_seen_lately_can_be_left_out() -> None:
    made = trail(*((time_ms, HERE) for time_ms in range(0, 400, 40)), (400, there(2.0)))
    assert made.expected(400 * MS, unseen_s=0.25) == HERE
    assert made.expected(400 * MS, unseen_s=0.5) is None
