"""A network over whole long sequences, and the scores it would serve."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from engine.poses import F32
from plugins.recognizers.graph.fusion import Fusion, places_at_head
from training.fitting.calibration import Calibration
from training.labels import (
    CLASS_COUNT,
    CLASS_IDS,
    GROUP_COUNT,
    GROUP_OF,
    IGNORE,
    NONE_INDEX,
    class_index,
)
from training.network.network import StepNetwork
from training.simulator.scripts import ABSENT_IDS
from training.simulator.shards import Shard

_NOT_COVERED = [class_index(label_id) for label_id in ABSENT_IDS]
_CHUNK_TICKS = 1000  # 40 s: long enough for speed, short enough for the memory of a laptop


@dataclass(frozen=True)
class Logits:
    """What the network says, row t about tick t - delay.

    Attributes:
        classes: `(..., T, 33)` float32.
        group: `(..., T, 7)` float32.
        bounds: `(..., T, 2)` float32.
    """

    classes: F32
    group: F32
    bounds: F32


@torch.inference_mode()
def network_logits(
    network: StepNetwork, features: npt.NDArray[np.float16] | F32, device: torch.device
) -> Logits:
    """Outputs for sequences of any length, from their beginning.

    A causal network gets long ones in pieces, each with the receptive field before it, so that the
    memory needed does not grow with the length; the clip-only form has to take them whole.

    Args:
        network: In evaluation mode, on `device`.
        features: `(N, T, C, 22)` the channels the network takes.
        device: Where the network is.
    """
    ticks = features.shape[1]
    piece = _CHUNK_TICKS if network.config.causal else max(1, ticks)
    pieces = []
    for start in range(0, ticks, piece):
        history = min(start, network.config.receptive_field - 1)
        part = np.asarray(features[:, start - history : start + piece], np.float32)
        x = torch.from_numpy(np.ascontiguousarray(part.transpose(0, 2, 1, 3))).to(device)
        pieces.append([logits[:, history:].cpu().numpy() for logits in network(x)])
    return Logits(*(np.concatenate(parts, 1) for parts in zip(*pieces, strict=True)))


def shard_logits(
    network: StepNetwork,
    shard: Shard,
    channels: Sequence[int],
    device: torch.device,
    sequences: int = 8,
) -> Logits:
    """Outputs for a whole shard.

    Args:
        network: In evaluation mode, on `device`.
        shard: Its features are read piece by piece.
        channels: Indices of the channels the network takes.
        device: Where the network is.
        sequences: So many at a time.
    """
    parts = [
        network_logits(network, shard.features[i : i + sequences][:, :, list(channels)], device)
        for i in range(0, len(shard.features), sequences)
    ]
    return Logits(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in vars(parts[0]))
    )


def log_probabilities(logits: Logits, calibration: Calibration) -> F32:
    """Calibrated log-probability of each class, class head and group head together.

    The soft fusion over a label tree that won MA-52 2026, as `Fusion` serves it.

    Args:
        logits: `(..., T, 33)` and `(..., T, 7)`.
        calibration: Temperature and weight of the group head.

    Returns:
        `(..., T, 33)` float32.
    """
    joint = logits.classes / np.float32(calibration.temperature)
    joint = joint + np.float32(calibration.group_weight) * logits.group[..., list(GROUP_OF)]
    joint -= joint.max(-1, keepdims=True)
    return np.asarray(joint - np.log(np.exp(joint).sum(-1, keepdims=True)), np.float32)


def served_scores(logits: Logits, calibration: Calibration) -> F32:
    """`(..., T, 32)` float32 scores as the engine gets them: none left out, 0 if not covered."""
    fusion = Fusion(
        calibration.temperature,
        calibration.group_weight,
        GROUP_OF,
        places_at_head(CLASS_IDS),
        calibration.contrast,
    )
    scores = fusion(logits.classes, logits.group)[..., :NONE_INDEX]
    scores[..., _NOT_COVERED] = 0.0
    return scores


def aligned(values: F32, delay: int) -> F32:
    """Outputs by the tick they describe; the last `delay` ticks, never described, are 0.

    Args:
        values: `(N, T, K)`.
        delay: Ticks of look-ahead.
    """
    if not delay:
        return values
    shifted = np.zeros_like(values)
    shifted[:, :-delay] = values[:, delay:]
    return shifted


def scored_ticks(
    logits: Logits, labels: npt.NDArray[np.int8], delay: int
) -> tuple[Logits, npt.NDArray[np.int64]]:
    """The outputs that have a label, flat, and those labels.

    Args:
        logits: `(N, T, ...)`, row t about tick t - delay.
        labels: `(N, T)`, -1 not scored.
        delay: Ticks of look-ahead.

    Returns:
        Logits `(M, ...)` and labels `(M,)` int64.
    """
    ticks = labels.shape[1] - delay
    described = labels[:, :ticks]
    kept = described != IGNORE
    flat = Logits(
        classes=logits.classes[:, delay:][kept].reshape(-1, CLASS_COUNT),
        group=logits.group[:, delay:][kept].reshape(-1, GROUP_COUNT),
        bounds=logits.bounds[:, delay:][kept].reshape(-1, 2),
    )
    return flat, described[kept].astype(np.int64)
