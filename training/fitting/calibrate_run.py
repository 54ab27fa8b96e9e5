"""Calibration of a trained run on its validation shards."""

from collections.abc import Sequence

import msgspec
import numpy as np
import torch

from engine.config import DecoderConfig
from training.fitting.calibrate import fitted
from training.fitting.calibration import Calibration
from training.fitting.fit_belief import fitted_belief
from training.fitting.layout import layout_of
from training.fitting.operating_points import operating_points, timeline
from training.fitting.scores import (
    Logits,
    aligned,
    probabilities,
    scored_ticks,
    served_scores,
    shard_logits,
)
from training.network.network import StepNetwork
from training.simulator.shards import Shard


def calibrated(network: StepNetwork, shards: Sequence[Shard], device: torch.device) -> Calibration:
    """Temperature, weight of the group head and operating points.

    Args:
        network: In evaluation mode, on `device`.
        shards: Of the validation split: never what it was trained or is judged on.
        device: Where the network is.
    """
    channels, delay = layout_of(network.config.channels).channels, network.config.delay
    logits = [shard_logits(network, shard, channels, device) for shard in shards]
    pairs = [
        scored_ticks(part, shard.labels, delay) for part, shard in zip(logits, shards, strict=True)
    ]
    flat = [part for part, _ in pairs]
    together = Logits(
        *(np.concatenate([getattr(part, name) for part in flat]) for name in vars(flat[0]))
    )
    calibration = fitted(together, np.concatenate([labels for _, labels in pairs]))
    of_ticks = [aligned(probabilities(part, calibration), delay) for part in logits]
    belief = fitted_belief(of_ticks, [shard.labels for shard in shards])
    calibration = msgspec.structs.replace(calibration, belief=belief)
    scores = [aligned(served_scores(part, calibration), delay) for part in logits]
    points = operating_points(*timeline(scores, shards), DecoderConfig())
    return msgspec.structs.replace(calibration, operating_points=points)
