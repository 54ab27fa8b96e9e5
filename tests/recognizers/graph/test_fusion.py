"""The fusion of class and group head."""

import numpy as np
import pytest

from engine.poses import F32
from plugins.recognizers.graph.fusion import Fusion, places_at_head
from training.labels import CLASS_IDS, CLASS_NAMES, GROUP_OF


def logits(seed: int = 0) -> tuple[F32, F32]:
    rng = np.random.default_rng(seed)
    return rng.normal(0, 3, (5, 33)).astype(np.float32), rng.normal(0, 3, (5, 7)).astype(np.float32)


def test_without_the_group_head_it_is_a_softmax_with_temperature() -> None:
    classes, groups = logits()
    scores = Fusion(2.0, 0.0, GROUP_OF)(classes, groups)
    expected = np.exp(classes / 2) / np.exp(classes / 2).sum(-1, keepdims=True)
    np.testing.assert_allclose(scores, expected, rtol=1e-5)


def test_both_heads_multiply() -> None:
    classes, groups = logits()
    scores = Fusion(1.5, 0.7, GROUP_OF)(classes, groups)

    def softmax(x: F32) -> F32:
        return np.asarray(np.exp(x) / np.exp(x).sum(-1, keepdims=True))

    product = softmax(classes / 1.5) * softmax(groups)[:, list(GROUP_OF)] ** 0.7
    np.testing.assert_allclose(scores, product / product.sum(-1, keepdims=True), rtol=1e-4)
    assert scores.dtype == np.float32


@pytest.mark.parametrize("scale", [1e3, -1e3, 1e30])
def test_extreme_logits_stay_probabilities(scale: float) -> None:
    classes, groups = logits()
    scores = Fusion(1.0, 1.0, GROUP_OF)(classes * np.float32(scale), groups)
    assert np.isfinite(scores).all()
    np.testing.assert_allclose(scores.sum(-1), 1.0, rtol=1e-5)


def test_the_places_of_a_hand_at_the_head_are_the_head_hand_group_and_hair() -> None:
    names = {CLASS_NAMES[index] for index in places_at_head(CLASS_IDS)}
    assert {"touch_jaw", "scratch_head", "touch_face", "play_hair"} <= names
    assert not names & {"touch_neck", "head_up", "rub_hands", "illustrative"}


def test_contrast_lets_the_likeliest_place_lead_and_leaves_all_sums_alone() -> None:
    classes, groups = logits(1)
    places = places_at_head(CLASS_IDS)
    plain = Fusion(1.0, 0.3, GROUP_OF)(classes, groups)
    sharp = Fusion(1.0, 0.3, GROUP_OF, places, 3.0)(classes, groups)
    others = [index for index in range(33) if index not in places]
    np.testing.assert_array_equal(sharp[:, others], plain[:, others])
    own = list(places)
    np.testing.assert_allclose(sharp[:, own].sum(-1), plain[:, own].sum(-1), rtol=1e-5)
    np.testing.assert_array_equal(sharp[:, own].argmax(-1), plain[:, own].argmax(-1))
    assert (sharp[:, own].max(-1) >= plain[:, own].max(-1)).all()
    cubed = plain[:, own] ** 3
    expected = cubed / cubed.sum(-1, keepdims=True) * plain[:, own].sum(-1, keepdims=True)
    np.testing.assert_allclose(sharp[:, own], expected, rtol=1e-3, atol=1e-7)


def test_contrast_stays_finite_where_no_place_is_likely() -> None:
    classes, groups = logits(2)
    places = places_at_head(CLASS_IDS)
    classes[:, list(places)] = -1e4
    scores = Fusion(1.0, 0.0, GROUP_OF, places, 3.0)(classes, groups)
    assert np.isfinite(scores).all()
    np.testing.assert_allclose(scores.sum(-1), 1.0, rtol=1e-5)
