"""Nearest neighbours and the linear probe."""

import numpy as np
import pytest

from engine.errors import UsageError
from training.zoo.nearest import Nearest
from training.zoo.probe import fit_probe


def test_the_direction_counts_and_not_the_length() -> None:
    known = Nearest(np.array([[1.0, 0.0], [0.0, 5.0]], np.float32), np.array([3, 8]))
    asked = np.array([[9.0, 7.0], [0.1, 0.2], [-1.0, 0.1]], np.float32)
    assert known.labels_of(asked).tolist() == [3, 8, 8]


def test_most_neighbours_win_and_the_nearest_breaks_a_tie() -> None:
    angles = np.array([0.0, 0.2, 0.3, 2.0])
    vectors = np.stack((np.cos(angles), np.sin(angles)), axis=1).astype(np.float32)
    known = Nearest(vectors, np.array([7, 4, 4, 7]))
    asked = np.array([[1.0, -0.1]], np.float32)
    assert known.labels_of(asked, 1).tolist() == [7]
    assert known.labels_of(asked, 2).tolist() == [7]
    assert known.labels_of(asked, 3).tolist() == [4]
    assert known.labels_of(asked, 4).tolist() == [7]


def test_a_vector_of_nothing_is_near_to_none_but_has_an_answer() -> None:
    known = Nearest(np.eye(2, dtype=np.float32), np.array([1, 2]))
    assert known.labels_of(np.zeros((1, 2), np.float32)).tolist() == [1]


def test_neighbours_that_are_not_there_are_refused() -> None:
    known = Nearest(np.eye(2, dtype=np.float32), np.array([1, 2]))
    for neighbours in (0, 3):
        with pytest.raises(UsageError, match="expected 1 to 2 neighbours"):
            known.labels_of(np.eye(2, dtype=np.float32), neighbours)
    with pytest.raises(UsageError, match=r"got \(0, 2\)"):
        Nearest(np.zeros((0, 2), np.float32), np.zeros(0, np.int64))


def test_the_probe_finds_the_probabilities_that_made_the_labels() -> None:
    rng = np.random.default_rng(0)
    weights = np.array([[2.0, 0.0], [0.0, -1.0], [-1.0, 1.0]])
    vectors = (rng.standard_normal((8000, 2)) * (1.0, 30.0) + (0.0, 500.0)).astype(np.float32)
    logits = (vectors - (0.0, 500.0)) / (1.0, 30.0) @ weights.T
    labels = np.argmax(logits + rng.gumbel(size=logits.shape), axis=1)
    probe = fit_probe(vectors, labels, 3, decay=0.0)
    given = probe.logits(vectors)
    np.testing.assert_allclose(
        given - given.mean(axis=1, keepdims=True),
        logits - logits.mean(axis=1, keepdims=True),
        atol=0.6,
    )


def test_decay_holds_the_weights_of_a_problem_without_errors() -> None:
    vectors = np.array([[-1.0], [-2.0], [1.0], [2.0]], np.float32)
    labels = np.array([0, 0, 1, 1])
    loose, held = (fit_probe(vectors, labels, 2, decay=decay) for decay in (1e-4, 1e-1))
    assert (loose.logits(vectors).argmax(axis=1) == labels).all()
    assert np.abs(held.weights).max() < 0.5 * np.abs(loose.weights).max()


def test_labels_that_do_not_fit_are_refused() -> None:
    vectors = np.zeros((3, 2), np.float32)
    with pytest.raises(UsageError, match=r"got \(3, 2\) and \(2,\)"):
        fit_probe(vectors, np.zeros(2, np.int64), 2)
    with pytest.raises(UsageError, match="expected labels 0 to 1, got 0 to 2"):
        fit_probe(vectors, np.array([0, 1, 2]), 2)
