"""Calibration of a trained run on its validation shards."""

from collections.abc import Sequence

import msgspec
import numpy as np
import torch

from engine.config import DecoderConfig
from training.fitting.calibrate import fitted
from training.fitting.calibration import Calibration
from training.fitting.layout import layout_of
from training.fitting.operating_points import operating_points, timeline
from training.fitting.scores import Logits, aligned, scored_ticks, served_scores, shard_logits
from training.network.network import StepNetwork
from training.simulator.shards import Shard

# Best of 1, 3 and 8 on validation simulation: fewer false events, more touches of the right place.
_CONTRAST = 3.0


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
    calibration = msgspec.structs.replace(calibration, contrast=_CONTRAST)
    scores = [aligned(served_scores(part, calibration), delay) for part in logits]
    points = operating_points(*timeline(scores, shards), DecoderConfig())
    return msgspec.structs.replace(calibration, operating_points=points)
