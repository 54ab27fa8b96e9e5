"""What was seen in pixels, as parts of the picture."""

import numpy as np
import pytest

from plugins.pose.direct.view import landmarks
from tests.pose.direct.figures import body, hand_points


def test_x_and_z_are_parts_of_the_width_and_y_of_the_height() -> None:
    seen = body(score=0.8)
    seen.points_px[11] = 160, 120, -64
    seen.visibility[11] = 0.25
    fingers = hand_points((320.0, 240.0))
    fingers[8] = 480, 360, 32
    found = landmarks(seen, [None, (fingers, 0.7)], (640, 480))
    assert found.body is not None
    assert found.right_hand is not None
    assert found.body.shape == (33, 4)
    assert found.body.dtype == found.right_hand.dtype == np.float32
    assert found.body[11] == pytest.approx((0.25, 0.25, -0.1, 0.25))
    assert found.right_hand[8] == pytest.approx((0.75, 0.75, 0.05))
    assert (found.body_score, found.right_score) == (0.8, 0.7)
    assert found.left_hand is None
    assert found.left_score == 0.0
    assert found.face is None
    assert found.face_score == 0.0


def test_a_face_is_laid_out_alike() -> None:
    points = np.tile([160.0, 360.0, -32.0], (22, 1))
    found = landmarks(body(), [None, None], (640, 480), (points, 0.6))
    assert found.face is not None
    assert found.face.shape == (22, 3)
    assert found.face.dtype == np.float32
    assert found.face[7] == pytest.approx((0.25, 0.75, -0.05))
    assert found.face_score == 0.6
