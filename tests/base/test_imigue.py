import numpy as np
import pytest

from engine.imigue import from_holistic, into_holistic
from engine.skeletons import HOLISTIC_75, IMIGUE_22

LEFT, RIGHT = HOLISTIC_75.index("left_shoulder"), HOLISTIC_75.index("right_shoulder")
NECK = IMIGUE_22.index("neck")


def figure(channels: int = 4) -> np.ndarray:  # type: ignore[type-arg]
    """`(2, 3, 75, C)`, every number another one and every joint seen."""
    shape = (2, 3, len(HOLISTIC_75), channels)
    return np.arange(1, np.prod(shape) + 1, dtype=np.float32).reshape(shape)


@pytest.mark.parametrize("channels", [3, 4])
def test_joints_are_copied_with_all_their_channels(channels: int) -> None:
    x = figure(channels)
    out = from_holistic(x)
    assert out.shape == (2, 3, 22, channels)
    assert out.dtype == np.float32
    for ours, theirs in {
        "nose": "nose",
        "left_wrist": "left_wrist",
        "right_eye": "right_eye",
        "left_thumb_tip": "left_hand_thumb_tip",
        "right_pinky_tip": "right_hand_pinky_tip",
    }.items():
        np.testing.assert_array_equal(
            out[:, :, IMIGUE_22.index(ours)], x[:, :, HOLISTIC_75.index(theirs)]
        )


def test_the_neck_is_between_the_shoulders_and_as_sure_as_the_less_sure() -> None:
    x = figure()[0, 0]
    x[LEFT] = (1.0, 2.0, 0.9, -0.4)
    x[RIGHT] = (3.0, 6.0, 0.6, 0.2)
    np.testing.assert_allclose(from_holistic(x)[NECK], (2.0, 4.0, 0.6, -0.1), rtol=1e-6)


@pytest.mark.parametrize("missing", [LEFT, RIGHT])
def test_what_is_missing_or_made_of_it_is_all_zero(missing: int) -> None:
    x = figure()[0, 0]
    x[missing, 2] = 0.0
    out = from_holistic(x)
    gone = {NECK, IMIGUE_22.index(HOLISTIC_75.joints[missing])}
    assert {i for i in range(22) if not out[i].any()} == gone


def test_the_input_is_left_alone() -> None:
    x = figure()
    before = x.copy()
    from_holistic(x)[:] = 7.0
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("shape", [(75,), (74, 4), (75, 2), (3, 22, 4)])
def test_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="expected joints"):
        from_holistic(np.zeros(shape, np.float32))


def test_there_and_back_only_the_neck_is_made_anew() -> None:
    x = figure()[..., : len(IMIGUE_22), :].copy()
    back = from_holistic(into_holistic(x))
    others = np.arange(len(IMIGUE_22)) != NECK
    np.testing.assert_array_equal(back[..., others, :], x[..., others, :])
    shoulders = [IMIGUE_22.index(f"{side}_shoulder") for side in ("left", "right")]
    np.testing.assert_allclose(back[..., NECK, :2], x[..., shoulders, :2].mean(axis=-2), rtol=1e-6)
    with pytest.raises(ValueError, match=r"22, 3 or more"):
        into_holistic(figure())
