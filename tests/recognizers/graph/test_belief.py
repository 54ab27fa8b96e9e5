"""Belief builds up over ticks, fades when evidence stops, and is what Rabiner's recursion gives."""

import numpy as np
import pytest

from engine.poses import F32
from plugins.recognizers.graph.belief import BeliefConfig, BeliefRule

PRIOR = (0.1, 0.2, 0.7)


def run(rule: BeliefRule, rows: F32) -> F32:
    belief, out = rule.initial(), []
    for row in rows:
        belief = rule.step(belief, row)
        out.append(belief)
    return np.stack(out)


def rows(*probabilities: tuple[float, ...]) -> F32:
    return np.array(probabilities, np.float32)


def test_it_is_the_forward_pass_of_a_hidden_markov_model() -> None:
    rng = np.random.default_rng(0)
    seen = rng.dirichlet((1, 1, 1), 40).astype(np.float32)
    rule = BeliefRule(BeliefConfig(prior=PRIOR, weight=0.4, change=0.1))
    prior = np.array(PRIOR)
    transition = 0.9 * np.eye(3) + 0.1 * prior[None]
    alpha, expected = prior, []
    for row in seen:
        alpha = (alpha @ transition) * (row / prior) ** 0.4
        alpha = alpha / alpha.sum()
        expected.append(alpha)
    np.testing.assert_allclose(run(rule, seen), expected, atol=1e-5)


def test_weak_evidence_that_lasts_becomes_belief() -> None:
    rule = BeliefRule(BeliefConfig(prior=PRIOR, weight=0.3, change=0.02))
    belief = run(rule, rows(*[(0.4, 0.2, 0.4)] * 50))
    assert belief[0, 0] < 0.25
    assert belief[-1, 0] > 0.6
    assert (np.diff(belief[:, 0]) > -1e-6).all()


def test_one_odd_tick_does_not_overturn_it() -> None:
    rule = BeliefRule(BeliefConfig(prior=PRIOR, weight=0.3, change=0.02))
    belief = run(rule, rows(*[(0.01, 0.01, 0.98)] * 20, (0.98, 0.01, 0.01)))
    assert belief[-1].argmax() == 2


def test_without_weight_the_probabilities_pass_unchanged() -> None:
    rule = BeliefRule(BeliefConfig())
    seen = rows((0.2, 0.3, 0.5), (0.9, 0.05, 0.05))
    np.testing.assert_array_equal(run(rule, seen), seen)


@pytest.mark.parametrize("weight", [0.1, 1.0])
def test_many_streams_at_once_are_each_by_itself(weight: float) -> None:
    rule = BeliefRule(BeliefConfig(prior=PRIOR, weight=weight, change=0.05))
    rng = np.random.default_rng(1)
    seen = rng.dirichlet((0.2, 0.2, 0.2), (30, 4)).astype(np.float32)
    together = rule.initial((4,))
    alone = [rule.initial() for _ in range(4)]
    for row in seen:
        together = rule.step(together, row)
        alone = [rule.step(a, r) for a, r in zip(alone, row, strict=True)]
    np.testing.assert_allclose(together, alone, rtol=1e-5)


def test_certain_probabilities_keep_it_finite() -> None:
    rule = BeliefRule(BeliefConfig(prior=PRIOR, weight=1.0, change=0.01))
    belief = run(rule, rows(*[(1.0, 0.0, 0.0)] * 30, *[(0.0, 0.0, 1.0)] * 30))
    assert np.isfinite(belief).all()
    np.testing.assert_allclose(belief.sum(axis=-1), 1.0, atol=1e-5)
    assert belief[29, 0] > 0.99
    assert belief[-1, 2] > 0.99
