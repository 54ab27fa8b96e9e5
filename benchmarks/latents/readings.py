"""How well clips are named from vectors of them, with few labels and with many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from benchmarks.latents.material import Material
from engine.poses import F32
from training.clips.clip_set import ClipSet
from training.clips.fitting import ClipFit
from training.clips.outputs import batches, logits, tensors
from training.clips.recipe import ClipRecipe
from training.evaluation.intervals import Estimate, bootstrap, rows_of_each
from training.evaluation.tally import F64, I64
from training.zoo.clip_model import ClipClassifier, ClipEncoder
from training.zoo.nearest import Nearest
from training.zoo.pooling import Pooling, pooled
from training.zoo.probe import fit_probe
from training.zoo.tuned import tuned_classifier

LABELS_EACH = (1, 2, 5, 10, 0)
"""Labels of each class; 0 for all there are."""

_STEPS = 100
_EVERY = 1 << 30

Vectors = Callable[[ClipSet], F32]


@dataclass(frozen=True)
class Reading:
    """One figure.

    Attributes:
        vectors: What was read.
        reader: How.
        labels_each: See `LABELS_EACH`.
        top1: Part of the test clips named right, the mean over seeds of which labels there are.
    """

    vectors: str
    reader: str
    labels_each: int
    top1: Estimate


def raw_pooled(kind: Pooling) -> Vectors:
    """Joints kept in the way that latents are: what of a gain is the keeping, not the encoder."""

    def of(clips: ClipSet) -> F32:
        joints = torch.from_numpy(clips.clips[..., :2].reshape(*clips.clips.shape[:2], -1))
        ticks = torch.arange(joints.shape[1])
        seen = ticks < torch.from_numpy(clips.lengths)[:, None]
        return np.asarray(pooled(joints, seen, kind).numpy(), np.float32)

    return of


def latents(encoder: ClipEncoder, kind: Pooling) -> Vectors:
    """What an encoder makes of clips."""

    def of(clips: ClipSet) -> F32:
        found = []
        for rows in batches(len(clips)):
            own, lengths = tensors(clips, rows, torch.device("cpu"))
            with torch.no_grad():
                sequence = encoder(own, lengths).sequence
                found.append(pooled(sequence, encoder.seen(own, lengths), kind).numpy())
        return np.concatenate(found)

    return of


def whitened(vectors: Vectors, unlabelled: ClipSet) -> Vectors:
    """With the covariance of clips whose labels are not looked at taken out."""
    known = vectors(unlabelled).astype(np.float64)
    middle = known.mean(axis=0)
    sizes, axes = np.linalg.eigh(np.cov((known - middle).T))
    scale = axes / np.sqrt(sizes + 1e-3 * sizes.max())

    def of(clips: ClipSet) -> F32:
        return np.asarray((vectors(clips) - middle) @ scale, np.float32)

    return of


def read(name: str, vectors: Vectors, of: Material, seeds: int) -> list[Reading]:
    """By a linear probe and by the nearest neighbour, for each number of labels."""
    test = vectors(of.test)
    found = []
    for each in LABELS_EACH:
        probed, neared = [], []
        for seed in range(seeds if each else 1):
            train = of.train.drawn(each or _EVERY, seed)
            own = vectors(train)
            probe = fit_probe(own, train.labels, of.classes, decay=1e-2)
            probed.append(probe.logits(test).argmax(axis=1))
            neared.append(Nearest(own, train.labels).labels_of(test))
        for reader, named in (("linear probe", probed), ("nearest neighbour", neared)):
            found.append(Reading(name, reader, each, _top1(of.test, named)))
    return found


def tuned(
    name: str,
    encoder: Callable[[int], ClipEncoder],
    of: Material,
    seeds: int,
    labels_each: Sequence[int] = LABELS_EACH,
) -> list[Reading]:
    """By a classifier that begins with an encoder's weights, all of them trained.

    Args:
        name: Of the encoder.
        encoder: Where to begin, of each seed.
        of: The clips.
        seeds: How many.
        labels_each: See `LABELS_EACH`.
    """
    found = []
    for each in labels_each:
        named = []
        for seed in range(seeds):
            train = of.train.drawn(each or _EVERY, seed)
            steps_each = -(-len(train) // 32)
            recipe = ClipRecipe(epochs=max(5, round(_STEPS / steps_each)), seed=seed, rate=2e-3)

            def make(seed: int = seed) -> ClipClassifier:
                return tuned_classifier(encoder(seed), of.classes)

            fitted = ClipFit(make, train, recipe, torch.device("cpu"))
            while fitted.epochs < recipe.epochs:
                fitted.epoch()
            model = fitted.model.eval()
            assert isinstance(model, ClipClassifier)
            named.append(logits(model, of.test).argmax(axis=1))
        found.append(Reading(name, "tuned", each, _top1(of.test, named)))
    return found


def _top1(test: ClipSet, named: Sequence[I64]) -> Estimate:
    right: F64 = np.mean([labels == test.labels for labels in named], axis=0)
    places = rows_of_each(test.subjects)

    def of(chosen: I64) -> float:
        return float(right[np.concatenate([places[who] for who in chosen])].mean())

    return bootstrap(len(places), of)
