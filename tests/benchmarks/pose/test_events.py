"""Events of two pose stages are compared one to one."""

from benchmarks.accuracy.found import Found
from benchmarks.pose.events import same_events


def _event(start_s: float, end_s: float, slug: str = "touch_jaw") -> Found:
    return Found(start_s, end_s, slug, "hand-body")


def test_the_same_class_at_the_same_time_is_the_same_event() -> None:
    one = [_event(0.0, 1.0), _event(2.0, 3.0), _event(5.0, 6.0)]
    other = [_event(0.1, 1.0), _event(2.0, 3.0, "rub_chest"), _event(5.6, 6.6)]
    assert same_events(one, other) == 1


def test_one_event_is_not_the_same_as_two() -> None:
    assert same_events([_event(0.0, 1.0), _event(0.0, 1.0)], [_event(0.0, 1.0)]) == 1
    assert same_events([], [_event(0.0, 1.0)]) == 0
