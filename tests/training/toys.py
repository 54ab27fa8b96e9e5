"""Tiny shards in which each class shows plainly in the features of one joint."""

from pathlib import Path

import msgspec
import numpy as np

from plugins.recognizers.graph.relations import CHANNELS
from training.fitting.config import TrainConfig
from training.labels import NONE_INDEX
from training.runs.config_file import overridden
from training.simulator.shards import Shard

JOINTS = 22


def toy_shard(
    seed: int = 0, sequences: int = 6, ticks: int = 120, classes: tuple[int, ...] = (3, 7, 16)
) -> Shard:
    """Two events a sequence; channel 3 of joint `class` is 1 during an event, noise elsewhere."""
    rng = np.random.default_rng(seed)
    features = 0.05 * rng.standard_normal((sequences, ticks, len(CHANNELS), JOINTS))
    features[:, :, 0] = 1.0
    labels = np.full((sequences, ticks), NONE_INDEX, np.int8)
    events = []
    for sequence in range(sequences):
        for half in range(2):
            start = int(half * ticks / 2 + rng.integers(8, 16))
            end = start + int(rng.integers(20, 30))
            class_index = classes[(2 * sequence + half) % len(classes)]
            features[sequence, start:end, 3, class_index] = 1.0
            labels[sequence, start:end] = class_index
            events.append((sequence, class_index, start, end))
    columns = np.array(events)
    return Shard(
        features=features.astype(np.float16),
        labels=labels,
        event_sequence=columns[:, 0].astype(np.int32),
        event_class=columns[:, 1].astype(np.int8),
        event_start_tick=columns[:, 2].astype(np.float32),
        event_end_tick=columns[:, 3].astype(np.float32),
        seed=seed,
        config_hash="toy",
    )


def toy_config(**changes: object) -> TrainConfig:
    """A network that trains in a second; keys with `__` for dots."""
    small = {
        "network.joint_width": 8,
        "network.part_width": 8,
        "network.part_dilations": [2],
        "network.trunk_width": 16,
        "network.trunk_dilations": [2],
        "network.dropout": 0.1,
        "data.crop_ticks": 60,
        "data.batch": 6,
        "optim.epochs": 2,
        "optim.warmup_steps": 2,
        "threads": 1,
        "device": "cpu",
    }
    given = {key.replace("__", "."): value for key, value in changes.items()}
    return overridden(TrainConfig(), {**small, **given})


def undisturbed() -> dict[str, float]:
    """Changes that turn every disturbance and every regularisation off."""
    sections = msgspec.to_builtins(TrainConfig().augment)
    off = {f"augment__{name}": 0.0 for name in sections if name != "longest_s"}
    return {**off, "loss__smoothing": 0.0, "network__dropout": 0.0, "loss__steadiness": 0.0}


def toy_folder(folder: Path) -> Path:
    """Shards of all splits below `folder`."""
    for seed, split in enumerate(("train", "validation", "test")):
        toy_shard(seed, sequences=9).save(folder / split / "0000.npz")
    return folder
