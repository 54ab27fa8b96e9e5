"""The fusion of class and group head."""

import numpy as np
import pytest

from engine.poses import F32
from plugins.recognizers.graph.fusion import Fusion
from training.labels import GROUP_OF


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
