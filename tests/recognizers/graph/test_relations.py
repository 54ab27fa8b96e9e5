"""What the network sees does not tell where the person is, how large, or how the camera is held."""

import numpy as np
import pytest

from engine.poses import F32
from engine.skeletons import HOLISTIC_75, IMIGUE_22
from plugins.recognizers.graph.hand_sets import GUESSED
from plugins.recognizers.graph.relations import CHANNELS, MIRROR_SIGN, relations
from tests.recognizers.graph.figures import figure, touching

AT = IMIGUE_22.index
POSITIONS = ("slow_x", "slow_y")
RELATIONAL = [i for i, name in enumerate(CHANNELS) if name not in POSITIONS]


def moved(x: F32, *, scale: float = 1.0, turn: float = 0.0, shift: complex = 0j) -> F32:
    """The same person elsewhere, further off, or with the camera rolled."""
    out = x.copy()
    places = (x[..., 0] + 1j * x[..., 1]) * scale * np.exp(1j * turn) + shift
    out[..., 0], out[..., 1] = places.real, places.imag
    out[..., 3] *= scale
    return out * (x[..., 2:3] > 0)


@pytest.mark.parametrize(
    "change", [{"scale": 0.6}, {"scale": 1.7}, {"turn": 0.4}, {"shift": 1.5 - 0.7j}]
)
def test_place_size_and_roll_do_not_show(change: dict[str, float]) -> None:
    x = touching("nose")
    there = relations(moved(x, **change))
    to_the_slow_frame = (CHANNELS.index("depth"), CHANNELS.index("growth"))
    same = [i for i in RELATIONAL if i not in to_the_slow_frame]
    np.testing.assert_allclose(there[same], relations(x)[same], atol=2e-5)


def test_a_clip_at_once_is_every_tick_by_itself() -> None:
    clip = np.stack([figure(), touching("nose"), touching("left_ear"), np.zeros((75, 4))])
    rows = relations(clip.astype(np.float32))
    for tick, row in zip(clip, rows, strict=True):
        np.testing.assert_allclose(relations(tick.astype(np.float32)), row, atol=1e-6)


def test_a_mirror_swaps_sides_and_signs() -> None:
    x = touching("left_ear")
    flipped = x.copy()
    flipped[:, 0] *= -1.0
    for a, b in HOLISTIC_75.mirror_pairs:
        flipped[[a, b]] = flipped[[b, a]]
    swap = list(range(len(IMIGUE_22)))
    for a, b in IMIGUE_22.mirror_pairs:
        swap[a], swap[b] = b, a
    expected = relations(x)[:, swap] * MIRROR_SIGN[:, None]
    np.testing.assert_allclose(relations(flipped), expected, atol=1e-5)


def test_a_missing_joint_is_nothing_at_all() -> None:
    x = touching("nose")
    x[HOLISTIC_75.index("left_elbow")] = 0.0
    assert not relations(x)[:, AT("left_elbow")].any()
    assert relations(np.zeros((3, 75, 4), np.float32)).any() == np.False_


def test_a_fingertip_at_the_nose_is_near_it_and_a_hand_in_the_lap_is_not() -> None:
    near = CHANNELS.index("near_hand")
    assert relations(touching("nose"))[near, AT("nose")] > 0.9
    assert relations(figure())[near, AT("nose")] < 0.1


def test_who_leans_to_the_camera_looks_wider_than_of_late() -> None:
    growth = CHANNELS.index("growth")
    trunk = [AT(name) for name in ("neck", "left_shoulder", "right_shoulder")]
    wider = relations(moved(figure(), scale=1.25))[growth] - relations(figure())[growth]
    np.testing.assert_allclose(wider[trunk], 4.0 * np.log(1.25), atol=1e-5)
    assert not np.delete(wider, trunk).any()


def test_a_hand_on_the_other_forearm_is_near_the_arm() -> None:
    near = CHANNELS.index("near_arm")
    assert relations(touching("right_elbow"))[near, AT("left_index_tip")] > 0.9
    assert relations(touching("nose"))[near, AT("left_index_tip")] < 0.5


def test_a_hand_named_after_the_wrong_side_is_put_right() -> None:
    x = touching("nose")
    swapped = x.copy()
    (a, b), (c, d) = (HOLISTIC_75.parts[f"{side}_hand"] for side in ("left", "right"))
    swapped[a:b], swapped[c:d] = x[c:d], x[a:b]
    np.testing.assert_allclose(relations(swapped), relations(x), atol=1e-6)


def test_two_hands_on_one_place_are_one_hand() -> None:
    x = touching("nose")
    x[slice(*HOLISTIC_75.parts["right_hand"])] = 0.0
    double = x.copy()
    double[slice(*HOLISTIC_75.parts["right_hand"])] = x[slice(*HOLISTIC_75.parts["left_hand"])]
    np.testing.assert_allclose(relations(double), relations(x), atol=1e-6)


def test_without_its_own_points_a_hand_is_guessed_from_the_pose() -> None:
    x = touching("nose")
    full = relations(x)
    x[slice(*HOLISTIC_75.parts["left_hand"])] = 0.0
    guessed = relations(x)
    tip = AT("left_index_tip")
    assert full[0, tip] == 1.0
    assert guessed[0, tip] == GUESSED
    assert (
        np.abs(guessed[CHANNELS.index("face_y"), tip] - full[CHANNELS.index("face_y"), tip]) < 0.3
    )
    assert guessed[CHANNELS.index("hand_size"), tip] == 0.0


def test_a_hand_stretched_to_the_camera_looks_large() -> None:
    x = touching("nose")
    start, end = HOLISTIC_75.parts["left_hand"]
    large = x.copy()
    large[start:end, :2] = x[start, :2] + 1.8 * (x[start:end, :2] - x[start, :2])
    size = CHANNELS.index("hand_size")
    tip = AT("left_middle_tip")
    assert relations(large)[size, tip] - relations(x)[size, tip] == pytest.approx(np.log(1.8), 0.05)


@pytest.mark.parametrize("kind", ["teleport", "one point", "huge", "nobody"])
def test_garbage_gives_finite_and_bounded_channels(kind: str) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(0, 50 if kind == "teleport" else 1e12, (40, 75, 4)).astype(np.float32)
    x[..., 2] = rng.random((40, 75)) if kind != "nobody" else 0.0
    if kind == "one point":
        x[..., :2] = 0.3
    rows = relations(x)
    assert np.isfinite(rows).all()
    assert np.abs(rows[:, RELATIONAL]).max() <= 2.0 + 1e-5
