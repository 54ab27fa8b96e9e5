"""Crops of simulated sequences: which ones, in which order, and with which targets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import ConfigError, UsageError
from engine.poses import F32
from training.fitting.config import DataConfig
from training.fitting.run_folder import DataInfo
from training.labels import CLASS_COUNT, IGNORE, NONE_INDEX
from training.network.config import RATE_HZ
from training.simulator.shards import Shard

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Batch:
    """Input and targets of one optimisation step.

    Attributes:
        features: `(B, C, T, 22)` float32.
        labels: `(B, T)` int64 class index that the output at a tick must give, -1 ignored.
        bounds: `(B, T, 2)` float32 1 near a start and near an end, else 0, -1 ignored.
    """

    features: F32
    labels: I64
    bounds: F32


class Crops:
    """Every sequence of some shards, cut into crops by a seed and an epoch alone.

    Because the order is a function of `(seed, epoch)`, training can stop after any epoch and go
    on with exactly the crops it would have had.

    Args:
        shards: At least one; sequences at least `config.crop_ticks` long.
        config: Crop length, batch size, balance.
        channels: Indices of the features' channels the network takes.
        delay: Ticks of look-ahead: the output at t describes t - delay.
        seed: Of the order.

    Raises:
        ConfigError: A sequence is shorter than a crop.
    """

    def __init__(
        self,
        shards: Sequence[Shard],
        config: DataConfig,
        channels: Sequence[int],
        delay: int,
        seed: int,
    ) -> None:
        shortest = min(shard.labels.shape[1] for shard in shards)
        if shortest < config.crop_ticks:
            raise ConfigError(
                f"data.crop_ticks: {config.crop_ticks} is longer than the shortest sequence, "
                f"{shortest} ticks"
            )
        self._shards = tuple(shards)
        self._config = config
        self._channels = np.asarray(channels, np.int64)
        self._delay = delay
        self._seed = seed
        counts = [len(shard.labels) for shard in shards]
        self._shard_of = np.repeat(np.arange(len(shards)), counts)
        self._row_of = np.concatenate([np.arange(count) for count in counts])
        self._length_of = np.array([shards[s].labels.shape[1] for s in self._shard_of])
        self._events = _Events(shards, counts)

    @property
    def ticks(self) -> int:
        """How many there are in all sequences."""
        return int(self._length_of.sum())

    @property
    def data(self) -> DataInfo:
        """What the sequences are."""
        return DataInfo(
            simulator=",".join(sorted({shard.config_hash for shard in self._shards})),
            seeds=tuple(sorted({shard.seed for shard in self._shards})),
            hours=round(self.ticks / RATE_HZ / 3600, 3),
        )

    @property
    def steps_per_epoch(self) -> int:
        """Steps until as many ticks as there are have been seen, or what the user asked for."""
        seen_a_step = self._config.batch * self._config.crop_ticks
        return self._config.steps_per_epoch or max(1, self.ticks // seen_a_step)

    def tick_counts(self, crops: int = 2000) -> I64:
        """`(33,)` int64 labelled ticks of each class in crops as they are drawn.

        Args:
            crops: Of the first epoch, so many are counted.
        """
        counts = np.zeros(CLASS_COUNT, np.int64)
        for sequence, start in zip(*self.places(0), strict=True):
            crops -= 1
            labels = self._labels(int(sequence), int(start), self._config.crop_ticks)
            counts += np.bincount(labels[labels != IGNORE], minlength=CLASS_COUNT)
            if crops == 0:
                break
        return counts

    def scales(self, sequences: int = 64) -> F32:
        """`(C,)` float32 spread of each channel where it is not 0, over a fixed sample.

        Args:
            sequences: How many are looked at.

        Raises:
            UsageError: The features are not finite.
        """
        chosen = np.random.default_rng(0).permutation(len(self._row_of))[:sequences]
        rows = [self._sequence(int(s))[::10].swapaxes(0, 1) for s in chosen]
        values = np.concatenate([row.reshape(len(row), -1) for row in rows], 1, dtype=np.float32)
        if not np.isfinite(values).all():
            raise UsageError("the shards hold features that are not finite: make them anew")
        spread = [np.std(row[row != 0]) if np.any(row) else 0.0 for row in values]
        return np.array(spread, np.float32)

    def places(self, epoch: int) -> tuple[I64, I64]:
        """Sequence and first tick of each crop of an epoch, in order: two `(steps * B,)`."""
        rng = np.random.default_rng([self._seed, epoch])
        count = self.steps_per_epoch * self._config.batch
        weights = self._length_of / self._length_of.sum()
        sequence = rng.choice(len(weights), count, p=weights)
        room = self._length_of[sequence] - self._config.crop_ticks
        start = np.floor(rng.random(count) * (room + 1)).astype(np.int64)
        if self._events.count:
            balanced = rng.random(count) < self._config.balanced
            chosen, middle = self._events.draw(rng, int(balanced.sum()), self._config.tau)
            sequence[balanced] = chosen
            before = rng.random(len(chosen)) * self._config.crop_ticks
            latest = self._length_of[chosen] - self._config.crop_ticks
            start[balanced] = np.clip(np.floor(middle - before), 0, latest).astype(np.int64)
        return sequence.astype(np.int64), start

    def epoch(self, epoch: int, steps: int | None = None) -> Iterator[Batch]:
        """The batches of an epoch.

        Args:
            epoch: From 0.
            steps: Only the first so many.
        """
        sequence, start = self.places(epoch)
        size = self._config.batch
        for step in range(self.steps_per_epoch if steps is None else steps):
            part = slice(step * size, (step + 1) * size)
            yield self._batch(sequence[part], start[part], self._config.crop_ticks)

    def whole(self, limit: int | None = None) -> Iterator[Batch]:
        """Each sequence uncut, as a batch of one, in order: for validation.

        Args:
            limit: Only the first so many, spread evenly over all.
        """
        count = len(self._row_of)
        step = max(1, count // limit) if limit else 1
        for index in range(0, count, step)[:limit]:
            yield self._batch(np.array([index]), np.array([0]), int(self._length_of[index]))

    def _batch(self, sequence: I64, start: I64, ticks: int) -> Batch:
        places = [(int(s), int(t)) for s, t in zip(sequence, start, strict=True)]
        features = np.stack([self._sequence(s, t, t + ticks) for s, t in places])
        return Batch(
            features=np.ascontiguousarray(features.transpose(0, 2, 1, 3), np.float32),
            labels=np.stack([self._labels(s, t, ticks) for s, t in places]),
            bounds=np.stack([self._bounds(s, t, ticks) for s, t in places]),
        )

    def _sequence(
        self, index: int, start: int = 0, end: int | None = None
    ) -> npt.NDArray[np.float16]:
        shard = self._shards[self._shard_of[index]]
        part: npt.NDArray[np.float16] = shard.features[self._row_of[index], start:end]
        return part[:, self._channels]

    def _labels(self, index: int, start: int, ticks: int) -> I64:
        """Labels of the ticks that the outputs of `start ...` describe."""
        labels = self._shards[self._shard_of[index]].labels[self._row_of[index]]
        described = np.arange(start, start + ticks) - self._delay
        # What came before the crop is unknown to the network: it cannot be asked for it.
        known = described >= start
        return np.where(known, labels[np.maximum(described, 0)], IGNORE).astype(np.int64)

    def _bounds(self, index: int, start: int, ticks: int) -> F32:
        described = np.arange(start, start + ticks, dtype=np.float32) - self._delay
        bounds = np.zeros((ticks, 2), np.float32)
        bounds[self._labels(index, start, ticks) == IGNORE] = IGNORE
        for column, instants in enumerate(self._events.bounds_of(index)):
            inside = instants[(instants > start - ticks) & (instants < start + 2 * ticks)]
            if len(inside):
                near = np.abs(described[:, None] - inside[None]).min(1)
                # Ticks around a boundary are not scored as classes, but they are its very place.
                bounds[near <= self._config.boundary_ticks, column] = 1.0
        bounds[described < start] = IGNORE
        return bounds


class _Events:
    """True events of all shards as flat arrays, sorted by sequence."""

    def __init__(self, shards: Sequence[Shard], counts: Sequence[int]) -> None:
        first = np.concatenate(([0], np.cumsum(counts)))[:-1]
        sequence = np.concatenate(
            [shard.event_sequence + offset for shard, offset in zip(shards, first, strict=True)]
        ).astype(np.int64)
        order = np.argsort(sequence, kind="stable")
        self._sequence = sequence[order]
        self._start = np.concatenate([shard.event_start_tick for shard in shards])[order]
        self._end = np.concatenate([shard.event_end_tick for shard in shards])[order]
        class_index = np.concatenate([shard.event_class for shard in shards])[order]
        self.count = int((class_index != NONE_INDEX).sum())
        self._of_class = [np.flatnonzero(class_index == c) for c in range(NONE_INDEX)]

    def draw(self, rng: np.random.Generator, count: int, tau: float) -> tuple[I64, F32]:
        """Sequences and middles of events whose class is drawn in proportion to n^tau."""
        sizes = np.array([len(members) for members in self._of_class], np.float64)
        wanted = np.where(sizes > 0, np.maximum(sizes, 1) ** tau, 0)
        classes = rng.choice(NONE_INDEX, count, p=wanted / wanted.sum())
        member = np.floor(rng.random(count) * sizes[classes]).astype(np.int64)
        event = np.array(
            [self._of_class[c][m] for c, m in zip(classes, member, strict=True)], np.int64
        )
        return self._sequence[event], (self._start[event] + self._end[event]) / 2

    def bounds_of(self, sequence: int) -> tuple[F32, F32]:
        """Starts and ends of the events of one sequence, in ticks."""
        part = slice(
            int(np.searchsorted(self._sequence, sequence, "left")),
            int(np.searchsorted(self._sequence, sequence, "right")),
        )
        return self._start[part], self._end[part]
