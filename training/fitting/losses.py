"""What is minimised: classes of a long tail, their groups, starts and ends, steadiness."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from training.fitting.config import LossConfig
from training.labels import CLASS_COUNT, GROUP_OF, IGNORE
from training.network.outputs import Outputs

_EFFECTIVE_BETA = 0.99999  # samples here are ticks, of which neighbours are nearly the same
_LARGEST_CHANGE = 4.0  # of a log-probability in one tick: beyond it a change is a real one


@dataclass(frozen=True)
class Losses:
    """Scalars of one batch; `total` is the weighted sum that is minimised."""

    total: Tensor
    classes: Tensor
    group: Tensor
    bounds: Tensor
    steadiness: Tensor


def class_weights(counts: npt.NDArray[np.int64], config: LossConfig) -> npt.NDArray[np.float32]:
    """Weight of each class, such that the mean over ticks is 1.

    Args:
        counts: `(33,)` ticks of each class.
        config: `weighting` and `heaviest`.

    Returns:
        `(33,)` float32; classes without a tick weigh as much as the heaviest one.
    """
    seen = np.maximum(counts, 1).astype(np.float64)
    if config.weighting == "none":
        return np.ones(len(counts), np.float32)
    if config.weighting == "sqrt":
        weights = 1 / np.sqrt(seen)
    else:
        weights = (1 - _EFFECTIVE_BETA) / (1 - _EFFECTIVE_BETA**seen)
    weights = np.minimum(weights / weights.min(), config.heaviest)
    return np.asarray(weights * (seen.sum() / (weights * seen).sum()), np.float32)


class Criterion:
    """Compares outputs with targets.

    Args:
        config: Weights of the parts.
        counts: `(33,)` ticks of each class in the training shards.
        device: Where outputs will be.
    """

    def __init__(
        self, config: LossConfig, counts: npt.NDArray[np.int64], device: torch.device
    ) -> None:
        self._config = config
        self._weights = torch.from_numpy(class_weights(counts, config)).to(device)
        prior = np.maximum(counts, 1) / max(1, counts.sum())
        adjustment = config.logit_adjustment * np.log(prior)
        self._adjustment = torch.from_numpy(adjustment.astype(np.float32)).to(device)
        self._group_of = torch.tensor(GROUP_OF, device=device)

    def __call__(self, outputs: Outputs, labels: Tensor, bounds: Tensor) -> Losses:
        """Losses of a batch; parts without a target are 0.

        Args:
            outputs: Of the network, `(B, T, ...)`.
            labels: `(B, T)` int64, -1 ignored.
            bounds: `(B, T, 2)` float32, -1 ignored.
        """
        scored = labels != IGNORE
        classes = self._classes(outputs.class_logits[scored], labels[scored])
        group_logits, group = outputs.group_logits[scored], self._group_of[labels[scored]]
        grouped = _mean(functional.cross_entropy(group_logits, group, reduction="none"))
        bounded = self._bounds(outputs.bounds_logits, bounds)
        steady = _steadiness(outputs.class_logits, scored)
        total = (
            classes
            + self._config.group * grouped
            + self._config.bounds * bounded
            + self._config.steadiness * steady
        )
        return Losses(total, classes, grouped, bounded, steady)

    def _classes(self, logits: Tensor, labels: Tensor) -> Tensor:
        log_p = functional.log_softmax(logits + self._adjustment, -1)
        exact = -log_p.gather(-1, labels[:, None])[:, 0]
        spread = -log_p.mean(-1)
        smoothing = self._config.smoothing
        return _mean(self._weights[labels] * ((1 - smoothing) * exact + smoothing * spread))

    def _bounds(self, logits: Tensor, targets: Tensor) -> Tensor:
        weight = torch.where(targets > 0, self._config.bounds_positive, 1.0)
        weight = weight * (targets >= 0)
        each = functional.binary_cross_entropy_with_logits(
            logits, targets.clamp(min=0), weight=weight, reduction="none"
        )
        return each.sum() / weight.sum().clamp(min=1)


def _steadiness(class_logits: Tensor, scored: Tensor) -> Tensor:
    log_p = functional.log_softmax(class_logits, -1)
    # The earlier tick is a fixed target, or the penalty would pull both towards each other.
    change = (log_p[:, 1:] - log_p[:, :-1].detach()).abs().clamp(max=_LARGEST_CHANGE)
    both = (scored[:, 1:] & scored[:, :-1])[..., None]
    return (change.square() * both).sum() / (both.sum() * CLASS_COUNT).clamp(min=1)


def _mean(values: Tensor) -> Tensor:
    return values.sum() / max(1, values.numel())
