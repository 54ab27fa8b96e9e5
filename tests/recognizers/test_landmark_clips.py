"""Real people's landmarks that another program recorded, through core and recogniser."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.poses import PoseSample
from engine.skeletons import HOLISTIC_75
from tests.recognizers.seen import SELF_TOUCH, end_s, events_of, labels, start_s

pytestmark = pytest.mark.clips


def recorded(path: Path) -> Iterator[PoseSample]:
    with np.load(path) as file:
        parts = [file[name][..., [0, 1, 3]] for name in ("pose", "left_hand", "right_hand")]
        joints = np.nan_to_num(np.concatenate(parts, axis=1)).astype(np.float32)
        times, (width, height) = file["t"], file["size"].tolist()
    joints[joints[..., 2] <= 0] = 0.0
    for seq, (t_s, frame) in enumerate(zip(times.tolist(), joints, strict=True)):
        yield PoseSample(
            capture_ns=round(t_s * 1e9),
            epoch=0,
            seq=seq,
            skeleton=HOLISTIC_75.name,
            joints=frame,
            depth=None,
            valid=True,
            reason="",
            parts=("body",),
            width_px=width,
            height_px=height,
        )


def test_a_hand_that_brushes_chin_and_neck_is_found(clips: Path) -> None:
    """0.56 to 0.82 s and 0.98 to 1.34 s, by eye."""
    found = events_of(recorded(clips / "landmarks" / "YOUNG1_.npz"))
    touches = [event for event in found if event.label in ("touch_jaw", "touch_neck")]
    assert touches
    assert all(start_s(event) > 0.4 and end_s(event) < 1.6 for event in touches)
    assert any(start_s(event) < 1.34 and end_s(event) > 0.98 for event in touches)


def test_hands_that_stay_away_from_the_head_touch_nothing(clips: Path) -> None:
    found = events_of(recorded(clips / "landmarks" / "DIFFERENT1_.npz"))
    assert not SELF_TOUCH & set(labels(found))
