"""Everything told of one trained model on one set of clips, for programs and for people."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from engine.poses import F32
from training.clips.clip_set import ClipSet
from training.clips.comparison import Row, row
from training.clips.judging import of_constant, of_model
from training.evaluation.intervals import few_units
from training.evaluation.tally import I64
from training.labels import CLASS_NAMES
from training.zoo.clip_model import ClipModel

CLASS_COLUMNS = ("class", "clips", "named right", "most often taken for")


@dataclass(frozen=True)
class ClipReport:
    """Figures of one model on some clips.

    Attributes:
        rows: Of the model (of an encoder one for each way to read it), and, last, of who always
            says the same.
        confusion: `(K, K)` clips of the first row, true class by row.
        people: How many are in the clips; intervals draw from them.
    """

    rows: tuple[Row, ...]
    confusion: I64
    people: int

    @property
    def clips(self) -> int:
        """How many were judged."""
        return int(self.confusion.sum())

    @property
    def caution(self) -> str:
        """What to tell of the intervals; nothing if they are good."""
        return few_units(self.people, "people")

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        classes = {
            CLASS_NAMES[k]: {"clips": int(own.sum()), "right": int(own[k])}
            for k, own in self._of_classes()
        }
        return {
            "clips": self.clips,
            "people": self.people,
            "caution": self.caution,
            "figures": {one.name: asdict(one.figures) for one in self.rows},
            "classes": classes,
            "class_names": CLASS_NAMES[: len(self.confusion)],
            "confusion": self.confusion.tolist(),
        }

    def class_rows(self) -> Iterator[tuple[str, ...]]:
        """Cells of `CLASS_COLUMNS` for each class that there is a clip of."""
        for k, own in self._of_classes():
            count, right = int(own.sum()), int(own[k])
            others = np.where(np.arange(len(own)) == k, 0, own)
            most = int(others.argmax())
            taken = f"{CLASS_NAMES[most]} ({others[most]})" if others[most] else "-"
            yield CLASS_NAMES[k], str(count), f"{right} ({100 * right / count:.0f} %)", taken

    def _of_classes(self) -> Iterator[tuple[int, I64]]:
        for k, own in enumerate(self.confusion):
            if own.any():
                yield k, own


def reported(model: ClipModel, train: ClipSet, judged_on: ClipSet) -> ClipReport:
    """Judge a trained model.

    Args:
        model: Trained.
        train: What reads latents is fitted to these; the most frequent class is theirs.
        judged_on: Clips it was not trained on.
    """
    found = tuple(of_model(model, train, judged_on))
    rows = [row(one, judged_on, model) for one in found]
    rows.append(row(of_constant(train, judged_on), judged_on))
    return ClipReport(
        tuple(rows), confusion(judged_on.labels, found[0].scores), len(judged_on.people)
    )


def confusion(labels: I64, scores: F32) -> I64:
    """`(K, K)` how often a clip of one class is given most to another, true class by row."""
    count = scores.shape[1]
    pairs = labels * count + scores.argmax(axis=1)
    return np.bincount(pairs, minlength=count**2).reshape(count, count)
