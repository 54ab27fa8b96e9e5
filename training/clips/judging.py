"""What a trained model, or something simpler beside it, says about test clips."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.poses import F32
from training.clips.clip_set import ClipSet
from training.clips.figures import constant_scores
from training.clips.outputs import logits, vectors
from training.zoo.clip_model import ClipClassifier, ClipEncoder, ClipModel
from training.zoo.nearest import Nearest
from training.zoo.probe import fit_probe

CONSTANT = "constant class"
RAW = "raw joints"
_RAW_TICKS = 16


@dataclass(frozen=True)
class Judged:
    """Scores of test clips.

    Attributes:
        name: Of the model, and what reads its latents if it gives latents.
        scores: `(N, K)` float32; the highest is what the clip is called.
    """

    name: str
    scores: F32


def of_model(model: ClipModel, train: ClipSet, test: ClipSet) -> Iterator[Judged]:
    """A classifier's own scores, or what is read out of an encoder's latents, the best read first.

    Args:
        model: Trained.
        train: What reads latents is fitted to these.
        test: To judge by.
    """
    name = model.description.name
    if isinstance(model, ClipClassifier):
        yield Judged(name, logits(model, test))
    else:
        assert isinstance(model, ClipEncoder)
        yield from _read(name, vectors(model, train), vectors(model, test), train)


def of_constant(train: ClipSet, test: ClipSet) -> Judged:
    """Who always says the same: the least that a model must be better than."""
    return Judged(CONSTANT, constant_scores(train, len(test), train.classes))


def of_raw_joints(train: ClipSet, test: ClipSet) -> Iterator[Judged]:
    """What latents must be better than."""
    yield from _read(RAW, raw_joints(train), raw_joints(test), train)


def _read(name: str, own: F32, other: F32, train: ClipSet) -> Iterator[Judged]:
    """What a linear probe and the nearest neighbour make of vectors."""
    probe = fit_probe(own, train.labels, train.classes)
    yield Judged(f"{name}, linear probe", probe.logits(other))
    nearest = Nearest(own, train.labels).labels_of(other)
    yield Judged(f"{name}, nearest neighbour", np.eye(train.classes, dtype=np.float32)[nearest])


def raw_joints(clips: ClipSet) -> F32:
    """`(N, 704)`: joints at 16 instants evenly over each clip."""
    parts = np.linspace(0.0, 1.0, _RAW_TICKS)
    at = np.rint(parts * (clips.lengths[:, None] - 1)).astype(np.int64)
    taken = clips.clips[np.arange(len(clips))[:, None], at, :, :2]
    return np.asarray(taken.reshape(len(clips), -1), np.float32)
