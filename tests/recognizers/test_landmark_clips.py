"""Real people's landmarks that another program recorded, through core and recogniser."""

from pathlib import Path

import pytest

from benchmarks.accuracy.landmark_files import pose_file
from tests.recognizers.seen import SELF_TOUCH, end_s, events_of, labels, start_s

pytestmark = pytest.mark.clips


def test_a_hand_that_brushes_chin_and_neck_is_found(clips: Path) -> None:
    """0.56 to 0.82 s and 0.98 to 1.34 s, by eye."""
    found = events_of(pose_file(clips / "landmarks" / "YOUNG1_.npz"))
    touches = [event for event in found if event.label in ("touch_jaw", "touch_neck")]
    assert touches
    assert all(start_s(event) > 0.4 and end_s(event) < 1.6 for event in touches)
    assert any(start_s(event) < 1.34 and end_s(event) > 0.98 for event in touches)


def test_hands_that_stay_away_from_the_head_touch_nothing(clips: Path) -> None:
    found = events_of(pose_file(clips / "landmarks" / "DIFFERENT1_.npz"))
    assert not SELF_TOUCH & set(labels(found))
