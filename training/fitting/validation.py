"""Quick figures after each epoch, by tick, on people never trained on."""

from collections.abc import Iterable

import torch
from torch.nn import functional

from training.fitting.batches import Batch
from training.labels import CLASS_COUNT, IGNORE
from training.network.network import StepNetwork


@torch.inference_mode()
def validated(
    network: StepNetwork, batches: Iterable[Batch], device: torch.device
) -> dict[str, float]:
    """Figures over all scored ticks.

    Args:
        network: In evaluation mode.
        batches: Undisturbed.
        device: Where the network is.

    Returns:
        `nll` mean negative log likelihood, `accuracy`, and `mean_recall` over the classes there
        are: the figure that rare classes count in.
    """
    nll = 0.0
    confusion = torch.zeros(CLASS_COUNT, CLASS_COUNT, dtype=torch.int64)
    for batch in batches:
        logits = network(torch.from_numpy(batch.features).to(device)).class_logits.cpu()
        labels = torch.from_numpy(batch.labels)
        scored = labels != IGNORE
        logits, labels = logits[scored], labels[scored]
        nll += float(functional.cross_entropy(logits, labels, reduction="sum"))
        pairs = labels * CLASS_COUNT + logits.argmax(-1)
        confusion += pairs.bincount(minlength=CLASS_COUNT**2).view(CLASS_COUNT, -1)
    of_class, right = confusion.sum(1), confusion.diagonal()
    count = max(1, int(of_class.sum()))
    recall = right[of_class > 0] / of_class[of_class > 0]
    return {
        "nll": nll / count,
        "accuracy": int(right.sum()) / count,
        "mean_recall": float(recall.mean()) if len(recall) else 0.0,
    }
