"""How often the class is right, tick by tick and touch by touch, and how sure that is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from training.evaluation.intervals import Estimate, bootstrap
from training.face_places.classifier import Ints
from training.face_places.examples import Examples
from training.simulator.geometry import F64


@dataclass(frozen=True)
class Counts:
    """Of each person and class.

    Attributes:
        right: `(P, K)` named right, averaged over classifiers.
        all: `(P, K)` there were.
    """

    right: F64
    all: F64

    def overall(self) -> Estimate:
        """Part that is right."""
        return bootstrap(len(self.all), lambda people: _overall(self, people))

    def macro(self) -> Estimate:
        """The same, averaged over classes."""
        return bootstrap(len(self.all), lambda people: _macro(self, people))

    def of_class(self, index: int) -> Estimate:
        """Part of one class that is right."""
        own = Counts(self.right[:, index, None], self.all[:, index, None])
        return own.overall()

    def macro_gain(self, other: "Counts") -> Estimate:
        """Macro of this less that of another kind of classifier, of the same people."""
        return bootstrap(len(self.all), lambda people: _macro(self, people) - _macro(other, people))

    def class_gain(self, other: "Counts", index: int) -> Estimate:
        """The same of one class."""
        own, before = (
            Counts(c.right[:, index, None], c.all[:, index, None]) for c in (self, other)
        )
        return own.macro_gain(before)


def by_tick(examples: Examples, told: list[F32], classes: int) -> Counts:
    """Ticks.

    Args:
        examples: The test's.
        told: `(R, K)` log probabilities of each classifier.
        classes: K.
    """
    right = np.mean([one.argmax(axis=1) == examples.kind for one in told], axis=0)
    return _counted(examples.person, examples.kind, right, classes)


def by_touch(examples: Examples, told: list[F32], classes: int) -> Counts:
    """Touches: the class whose log probability is the largest over all of its ticks."""
    events, first, where = np.unique(examples.event, return_index=True, return_inverse=True)
    kind, person = examples.kind[first], examples.person[first]
    rights = []
    for one in told:
        summed = np.zeros((len(events), classes))
        np.add.at(summed, where, one)
        rights.append(summed.argmax(axis=1) == kind)
    return _counted(person, kind, np.mean(rights, axis=0), classes)


def confusion(examples: Examples, told: list[F32], classes: int) -> F64:
    """`(K, K)` part of the ticks of each class that was named as each, over all classifiers."""
    table = np.zeros((classes, classes))
    for one in told:
        np.add.at(table, (examples.kind, one.argmax(axis=1)), 1.0)
    shares: F64 = table / np.maximum(table.sum(axis=1, keepdims=True), 1.0)
    return shares


def _counted(person: Ints, kind: Ints, right: npt.NDArray[np.float64], classes: int) -> Counts:
    size = (int(person.max()) + 1, classes)
    hits, total = np.zeros(size), np.zeros(size)
    np.add.at(hits, (person, kind), right)
    np.add.at(total, (person, kind), 1.0)
    return Counts(hits, total)


def _overall(counts: Counts, people: Ints) -> float:
    total = counts.all[people].sum()
    return float(counts.right[people].sum() / total) if total else float("nan")


def _macro(counts: Counts, people: Ints) -> float:
    total = counts.all[people].sum(axis=0)
    if not total.all():
        return float("nan")
    return float((counts.right[people].sum(axis=0) / total).mean())
