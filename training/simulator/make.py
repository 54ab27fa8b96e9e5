"""Makes shards: scenes, seen through a tracker, as features and labels."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta, Struct

from engine.errors import UsageError
from engine.skeletons import HOLISTIC_75
from plugins.recognizers.graph.relations import relations
from training.simulator.draws import Part
from training.simulator.labelling import Labels, label
from training.simulator.landmarks.observe import observe
from training.simulator.landmarks.params import NoiseParams
from training.simulator.landmarks.view import CleanView
from training.simulator.scene import Scene, draw_scene, script_weights
from training.simulator.shards import SPLITS, Shard
from training.simulator.ticks import RATE_HZ, Ticks, to_ticks

_HERE, _GRAPH = Path(__file__).parent, Path(__file__).parents[2] / "plugins/recognizers/graph"
# What makes features: of the recogniser only what it has in common with its training data.
_SOURCES = (
    *sorted((*_HERE.rglob("*.py"), *_HERE.rglob("fitted.json"))),
    *(_GRAPH / name for name in ("hand_sets.py", "relations.py")),
)
_MARGIN_S = 3.0
_BATCH = 64


class SimulatorConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is simulated.

    Attributes:
        seconds: Length of a sequence.
        sequences: Sequences in a shard.
        noise: The tracker fitted to real clips, or a perfect one.
        hard_negatives: Whether people also do what only looks like a gesture.
    """

    seconds: Annotated[float, Meta(ge=12, le=600)] = 40.0
    sequences: Annotated[int, Meta(ge=1, le=1024)] = _BATCH
    noise: Literal["fitted", "none"] = "fitted"
    hard_negatives: bool = True

    @property
    def ticks(self) -> int:
        """Ticks of a sequence; the last seconds are cut off, so that all have as many."""
        return int((self.seconds - _MARGIN_S) * RATE_HZ)


def part_of(split: str) -> Part:
    """Test people, cameras and trackers come from their own part of the population."""
    return "test" if split == "test" else "train"


def config_hash(config: SimulatorConfig) -> str:
    """Identity of a configuration and of the code that makes features from it, hex."""
    digest = hashlib.sha256(msgspec.json.encode(config))
    for path in _SOURCES:
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def make_shards(
    config: SimulatorConfig, split: str, count: int, folder: Path, seed: int = 0
) -> Iterator[Path]:
    """Write `count` shards of a split into `folder/split`, giving each path as it is done.

    The same configuration, split, seed and number give the same bytes.

    Raises:
        UsageError: No such split, or the folder cannot be written.
    """
    if split not in SPLITS:
        raise UsageError(f"no split '{split}': expected one of {', '.join(SPLITS)}")
    identity = config_hash(config)
    for index in range(count):
        path = folder / split / f"{identity}-{seed}-{index:04d}.npz"
        if not path.is_file():
            make_shard(config, split, index, seed).save(path)
        yield path


def make_shard(config: SimulatorConfig, split: str, index: int, seed: int = 0) -> Shard:
    """One shard."""
    rng = np.random.default_rng((seed, SPLITS.index(split), index))
    ticks, labels = simulate(config, rng, part_of(split))
    return Shard(
        features=relations(ticks.joints).astype(np.float16),
        labels=labels.ticks,
        event_sequence=labels.event_sequence,
        event_class=labels.event_class,
        event_start_tick=labels.event_start,
        event_end_tick=labels.event_end,
        seed=seed,
        config_hash=config_hash(config),
    )


def simulate(config: SimulatorConfig, rng: np.random.Generator, part: Part) -> tuple[Ticks, Labels]:
    """Sequences as a recogniser gets them, and what it should say."""
    weights = script_weights(hard_negatives=config.hard_negatives)
    scene = draw_scene(rng, config.sequences, config.seconds, part, weights)
    noise = NoiseParams.none() if config.noise == "none" else NoiseParams.fitted(part)
    ticks = watched(scene, noise, rng, config.ticks)
    return ticks, label(scene, ticks)


def watched(scene: Scene, noise: NoiseParams, rng: np.random.Generator, count: int) -> Ticks:
    """A scene through a tracker, resampled and normalised, `count` ticks of it."""
    view = clean_view(scene)
    seen = observe(view, noise, rng)
    usable = seen.valid & ~scene.dropped
    return to_ticks(view.t_s, seen.joints, seen.depth, usable, scene.cameras.aspect, count)


def clean_view(scene: Scene) -> CleanView:
    """What is truly in the pictures, with the sides named as they look: a mirror swaps them."""
    mirrored = scene.cameras.mirrored
    shoulder = scene.people.shoulder_m[:, None]
    swap = np.arange(len(HOLISTIC_75))
    for a, b in HOLISTIC_75.mirror_pairs:
        swap[a], swap[b] = b, a
    joint_order = np.where(mirrored[:, None], swap, np.arange(len(swap)))[:, None]
    hand_order = np.where(mirrored[:, None], (1, 0), (0, 1))[:, None]
    hand_gap = scene.motion.hand_gap_m / shoulder[..., None]
    return CleanView(
        t_s=scene.t_s.astype(np.float64),
        xy=np.take_along_axis(scene.views.xy, joint_order[..., None], axis=2),
        aspect=scene.cameras.aspect,
        depth=np.take_along_axis(scene.views.depth, joint_order, axis=2),
        unit=scene.views.unit,
        hand_gap=np.take_along_axis(hand_gap, hand_order, axis=2),
        hands_gap=scene.motion.hands_gap_m / shoulder,
        hand_hidden=np.take_along_axis(scene.motion.hidden, hand_order, axis=2),
    )
