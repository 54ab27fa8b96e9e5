"""From the logits of two heads to one score a class."""

import numpy as np

from engine.poses import F32


class Fusion:
    """`log p = log softmax(class / T) + w * log softmax(group)[group of the class]`, renormalised.

    Args:
        temperature: T; class logits are divided by it.
        group_weight: w.
        group_of: Group index of each class output.
    """

    def __init__(self, temperature: float, group_weight: float, group_of: tuple[int, ...]) -> None:
        self._scale = np.float32(1.0 / temperature)
        self._weight = np.float32(group_weight)
        self._group_of = np.array(group_of, np.intp)

    def __call__(self, class_logits: F32, group_logits: F32) -> F32:
        """Probabilities.

        Args:
            class_logits: `(..., 33)`.
            group_logits: `(..., 7)`.

        Returns:
            `(..., 33)` float32, summing to 1. Both softmaxes drop out of the normalisation.
        """
        joint = class_logits * self._scale + self._weight * group_logits[..., self._group_of]
        powers = np.exp(joint - joint.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)
