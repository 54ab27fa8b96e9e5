"""Models of the zoo on the same clips, beside what is published."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from engine.poses import F32
from training.clips.clip_set import ClipSet
from training.clips.figures import ClipFigures, constant_scores, figures
from training.clips.fitting import ClipRecipe, fit, logits, vectors
from training.zoo.clip_model import CLIP_CLASSES, ClipClassifier, ClipEncoder, ClipModel
from training.zoo.nearest import Nearest
from training.zoo.probe import fit_probe
from training.zoo.zoo import ZOO, build

CONSTANT = "constant class"
RAW = "raw joints"
_RAW_TICKS = 16


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        name: Of the model, and what reads its latents if it gives latents.
        figures: On the test clips.
        parameters: Trained numbers of the model; 0 if there is none.
        published_top1_percent: On iMiGUE, by the paper; None if there is no such row.
        published_top5_percent: The same.
    """

    name: str
    figures: ClipFigures
    parameters: int = 0
    published_top1_percent: float | None = None
    published_top5_percent: float | None = None


def compared(
    names: Sequence[str],
    train: ClipSet,
    test: ClipSet,
    recipe: ClipRecipe,
    tell: Callable[[str, int, float], None] = lambda _name, _epoch, _loss: None,
) -> Iterator[Row]:
    """Rows of the table, each as it is done; who always says the same comes first.

    Args:
        names: Of models, of `ZOO`.
        train: To fit to.
        test: To judge by.
        recipe: How each is fitted.
        tell: Hears the model, the finished epoch and its mean loss.
    """
    yield Row(CONSTANT, figures(test, constant_scores(train, len(test), CLIP_CLASSES)))
    if any(issubclass(ZOO[name], ClipEncoder) for name in names):
        yield from _read(RAW, _raw(train), _raw(test), train, test)
    for name in names:
        model = fit(partial(build, name), train, recipe, partial(tell, name))
        yield from _rows(model, train, test)


def _rows(model: ClipModel, train: ClipSet, test: ClipSet) -> Iterator[Row]:
    told = model.description
    for row in _judged(model, train, test):
        yield replace(
            row,
            parameters=model.parameter_count,
            published_top1_percent=told.published_top1_percent,
            published_top5_percent=told.published_top5_percent,
        )


def _judged(model: ClipModel, train: ClipSet, test: ClipSet) -> Iterator[Row]:
    name = model.description.name
    if isinstance(model, ClipClassifier):
        yield Row(name, figures(test, logits(model, test)))
    else:
        assert isinstance(model, ClipEncoder)
        yield from _read(name, vectors(model, train), vectors(model, test), train, test)


def _read(name: str, own: F32, other: F32, train: ClipSet, test: ClipSet) -> Iterator[Row]:
    """What a linear probe and the nearest neighbour make of vectors."""
    probe = fit_probe(own, train.labels, CLIP_CLASSES)
    yield Row(f"{name}, linear probe", figures(test, probe.logits(other)))
    nearest = Nearest(own, train.labels).labels_of(other)
    scores = np.eye(CLIP_CLASSES, dtype=np.float32)[nearest]
    yield Row(f"{name}, nearest neighbour", figures(test, scores))


def _raw(clips: ClipSet) -> F32:
    """Joints at so many instants, evenly over each clip: what latents should be better than."""
    parts = np.linspace(0.0, 1.0, _RAW_TICKS)
    at = np.rint(parts * (clips.lengths[:, None] - 1)).astype(np.int64)
    taken = clips.clips[np.arange(len(clips))[:, None], at, :, :2]
    return np.asarray(taken.reshape(len(clips), -1), np.float32)
