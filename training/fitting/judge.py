"""What a trained run is worth on simulated shards, judged like the engine would serve it."""

from collections.abc import Iterator, Sequence

import torch

from training.evaluation.evaluate import evaluate_scores
from training.evaluation.report import Report
from training.evaluation.sequences import ScoredSequence, shard_sequences
from training.fitting.calibration import Calibration
from training.fitting.layout import layout_of
from training.fitting.scores import served_scores, shard_logits
from training.labels import NONE_INDEX
from training.network.network import StepNetwork
from training.simulator.shards import Shard


def judged(
    network: StepNetwork,
    calibration: Calibration,
    shards: Sequence[Shard],
    device: torch.device,
    classes: Sequence[int] = tuple(range(NONE_INDEX)),
) -> Report:
    """Events and ticks of whole untrimmed sequences, decoded causally by the engine's decoder.

    Args:
        network: In evaluation mode, on `device`.
        calibration: Of this network.
        shards: People it was neither trained nor calibrated on.
        device: Where the network is.
        classes: Class indices that the macro F1 is over.
    """
    return evaluate_scores(
        _sequences(network, calibration, shards, device),
        operating_points=calibration.operating_points,
        delay_ticks=network.config.delay,
        classes=classes,
    )


def _sequences(
    network: StepNetwork, calibration: Calibration, shards: Sequence[Shard], device: torch.device
) -> Iterator[ScoredSequence]:
    channels = layout_of(network.config.channels).channels
    for number, shard in enumerate(shards):
        logits = shard_logits(network, shard, channels, device)
        yield from shard_sequences(shard, served_scores(logits, calibration), str(number))
