import numpy as np

from engine.core.abstention import Abstention
from engine.labels import BY_SLUG

UNSEEN = float("nan")
LABELS = BY_SLUG["touch_jaw"], BY_SLUG["touch_neck"]


def stepped(*ticks: tuple[float, float], rate_hz: float = 25.0) -> Abstention:
    abstention = Abstention(LABELS, rate_hz)
    for scores in ticks:
        abstention.step(np.array(scores, np.float32))
    return abstention


def test_nothing_is_missing_at_first_nor_while_all_scores_are_told() -> None:
    for abstention in (stepped(), stepped((0.0, 1.0), (0.5, 0.5))):
        assert list(abstention.now) == []
        assert abstention.seconds == {}


def test_now_is_the_newest_tick() -> None:
    abstention = stepped((0.1, UNSEEN))
    assert list(abstention.now) == ["touch_neck"]
    abstention.step(np.array([UNSEEN, UNSEEN], np.float32))
    assert list(abstention.now) == ["touch_jaw", "touch_neck"]
    abstention.step(np.array([UNSEEN, 0.3], np.float32))
    assert list(abstention.now) == ["touch_jaw"]
    abstention.step(np.array([0.3, 0.3], np.float32))
    assert list(abstention.now) == []


def test_seconds_add_up_class_by_class() -> None:
    ticks = [(0.1, UNSEEN)] * 30 + [(UNSEEN, UNSEEN)] * 15 + [(0.1, 0.1)] * 5
    abstention = stepped(*ticks, rate_hz=30.0)
    assert abstention.seconds == {"touch_jaw": 0.5, "touch_neck": 1.5}


def test_nobody_in_view_is_no_abstention_and_forgets_no_seconds() -> None:
    abstention = stepped((0.1, UNSEEN))
    abstention.clear()
    assert list(abstention.now) == []
    assert abstention.seconds == {"touch_neck": 0.04}
    abstention.step(np.array([0.1, UNSEEN], np.float32))
    assert list(abstention.now) == ["touch_neck"]
    assert abstention.seconds == {"touch_neck": 0.08}
