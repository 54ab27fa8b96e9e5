"""Quick figures after each epoch, on people not trained on."""

import torch
from torch.nn import functional

from training.clips.clip_set import ClipSet
from training.clips.figures import parts_right
from training.clips.fitting import seeded
from training.clips.outputs import batches, logits, tensors, vectors
from training.evaluation.tally import I64
from training.zoo.clip_model import ClipClassifier, ClipEncoder, ClipModel
from training.zoo.nearest import Nearest


def validated(model: ClipModel, train: ClipSet, validation: ClipSet) -> dict[str, float]:
    """Figures over all validation clips.

    Args:
        model: In evaluation mode.
        train: Where an encoder finds its nearest neighbours.
        validation: The clips.

    Returns:
        Of a classifier `nll`, mean negative log likelihood, `top1` and `top5`; of an encoder its
        own `loss`, and `top1` by the nearest neighbour.
    """
    if isinstance(model, ClipClassifier):
        scores = logits(model, validation)
        labels = torch.from_numpy(validation.labels)
        top1, top5 = parts_right(scores, validation.labels)
        nll = float(functional.cross_entropy(torch.from_numpy(scores), labels))
        return {"nll": nll, "top1": float(top1.mean()), "top5": float(top5.mean())}
    assert isinstance(model, ClipEncoder)
    nearest = Nearest(vectors(model, train), train.labels)
    found: I64 = nearest.labels_of(vectors(model, validation))
    right = float((found == validation.labels).mean())
    return {"loss": mean_loss(model, validation), "top1": right}


@torch.no_grad()
def mean_loss(model: ClipEncoder, clips: ClipSet) -> float:
    """What training makes small, on clips as they are; the same draws each time.

    Args:
        model: In evaluation mode.
        clips: One or more.
    """
    device = next(model.parameters()).device
    total = 0.0
    with seeded(0, device):  # some draw noise for their loss
        for rows in batches(len(clips)):
            total += len(rows) * model.loss(*tensors(clips, rows, device)).item()
    return total / len(clips)
