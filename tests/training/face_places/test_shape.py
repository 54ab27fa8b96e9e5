"""The fitted face is the one that was shown, and the figures that are kept make sense."""

import numpy as np
import pytest

from tests.training.face_places.faces import BODY, FITTED, MEAN, clip, drawn_shapes
from training.face_places.material import MIRRORED, NAMES
from training.face_places.shape import fit_shape, whole
from training.face_places.similarity import similarity


@pytest.mark.parametrize("dims", [2, 3])
def test_a_similarity_is_found_again(dims: int) -> None:
    rng = np.random.default_rng(3)
    points = rng.standard_normal((5, 7, dims))
    angle = 0.7
    turn = np.eye(dims)
    turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    moved = similarity(points, 1.7 * points @ turn.T + 3.0)
    np.testing.assert_allclose(moved.scale, 1.7)
    np.testing.assert_allclose(moved.turn, np.broadcast_to(turn, moved.turn.shape), atol=1e-9)
    np.testing.assert_allclose(moved.of(points), 1.7 * points @ turn.T + 3.0)
    np.testing.assert_allclose(moved.back(moved.of(points)), points)


def test_a_mirror_image_is_no_turn() -> None:
    points = np.random.default_rng(3).standard_normal((9, 3))
    assert np.linalg.det(similarity(points, points * (-1, 1, 1)).turn) == pytest.approx(1.0)


def test_one_face_in_many_poses_is_found() -> None:
    nod = np.linspace(-0.25, 0.25, 120)
    clips = [clip(str(n), nod=nod) for n in range(3)]
    found = fit_shape(clips)
    assert found.people == 3
    # The body's nose is not quite the outline's: heights count from the body's eyes.
    np.testing.assert_allclose(whole(found.places), MEAN, atol=0.01)
    assert sum(np.abs(whole(mode)).max() for mode in found.modes) < 1e-6


def test_differences_between_people_are_found_and_clips_of_one_person_count_once() -> None:
    shapes = drawn_shapes(24)
    clips = [clip(f"{n}-{k}", shape=s, person=str(n)) for n, s in enumerate(shapes) for k in (0, 1)]
    found = fit_shape(clips)
    assert found.people == 24
    chin = NAMES.index("chin")
    wanted, told = (
        np.sqrt(sum(whole(mode)[chin, 1] ** 2 for mode in modes))
        for modes in (FITTED.shape.modes, found.modes)
    )
    assert told == pytest.approx(wanted, rel=0.3)


def test_people_are_drawn_as_different_as_they_are() -> None:
    drawn = FITTED.shape.draw(np.random.default_rng(1), 4000)
    wanted = np.sqrt(sum(whole(mode) ** 2 for mode in FITTED.shape.modes))
    np.testing.assert_allclose(drawn.std(axis=0), wanted, atol=0.005)
    np.testing.assert_allclose(drawn[:, MIRRORED] * (-1, 1, 1), drawn)


def test_the_fitted_face_lies_where_the_bodys_own_points_do() -> None:
    at = {name: MEAN[NAMES.index(name)] for name in NAMES}
    np.testing.assert_allclose(at["nose_tip"][:2], BODY[0, :2], atol=0.05)
    np.testing.assert_allclose(at["left_mouth_corner"][:2], BODY[9, :2], atol=0.05)
    heights = [at[name][1] for name in ("forehead", "nose_bridge", "nose_tip", "upper_lip", "chin")]
    assert heights == sorted(heights, reverse=True)
    assert at["left_temple"][0] > at["left_cheekbone"][0] > at["left_mouth_corner"][0] > 0
