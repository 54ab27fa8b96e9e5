"""From the logits of two heads to one score a class."""

import numpy as np

from engine.labels import BY_ID, Group
from engine.poses import F32
from plugins.recognizers.graph.metadata import ModelMetadata


class Fusion:
    """`log p = log softmax(class / T) + w * log softmax(group)[group of the class]`, renormalised.

    That a hand is at the head is surer than where: its belief is spread over eight places a few
    centimetres apart, none of which may reach a threshold by itself. So the places share their sum
    in proportion to `p ** contrast`: the sum stays as calibrated, the likeliest place leads.

    Args:
        temperature: T; class logits are divided by it.
        group_weight: w.
        group_of: Group index of each class output.
        places: Indices of the classes that are places of a hand at the head.
        contrast: 1 leaves the shares as they are.
    """

    def __init__(
        self,
        temperature: float,
        group_weight: float,
        group_of: tuple[int, ...],
        places: tuple[int, ...] = (),
        contrast: float = 1.0,
    ) -> None:
        self._scale = np.float32(1.0 / temperature)
        self._weight = np.float32(group_weight)
        self._group_of = np.array(group_of, np.intp)
        self._places = np.array(places, np.intp)
        self._contrast = np.float32(contrast)

    def __call__(self, class_logits: F32, group_logits: F32) -> F32:
        """Scores.

        Args:
            class_logits: `(..., 33)`.
            group_logits: `(..., 7)`.

        Returns:
            `(..., 33)` float32, summing to 1. Both softmaxes drop out of the normalisation.
        """
        joint = class_logits * self._scale + self._weight * group_logits[..., self._group_of]
        powers = np.exp(joint - joint.max(axis=-1, keepdims=True))
        scores = np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)
        if self._contrast > 1.0 and len(self._places):
            scores[..., self._places] = self._contrasted(
                joint[..., self._places], scores[..., self._places]
            )
        return scores

    def _contrasted(self, joint: F32, scores: F32) -> F32:
        powers = np.exp(self._contrast * (joint - joint.max(axis=-1, keepdims=True)))
        share = powers / powers.sum(axis=-1, keepdims=True)
        return np.asarray(share * scores.sum(axis=-1, keepdims=True), np.float32)


def fusion_of(metadata: ModelMetadata) -> Fusion:
    """As a model wants it."""
    return Fusion(
        metadata.temperature,
        metadata.group_weight,
        metadata.group_of,
        places_at_head(metadata.labels),
        metadata.contrast,
    )


def places_at_head(labels: tuple[int, ...]) -> tuple[int, ...]:
    """Indices of the classes in which a hand is at the head."""
    return tuple(
        index
        for index, label in enumerate(labels)
        if BY_ID[label].group is Group.HEAD_HAND or BY_ID[label].slug == "play_hair"
    )
