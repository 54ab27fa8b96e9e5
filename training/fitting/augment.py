"""Disturbances of the input, so that a network cannot lean on one joint, channel or camera.

Reversal and speed changes are left out on purpose: they change what a gesture means.
"""

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from training.fitting.batches import Batch
from training.fitting.config import AugmentConfig
from training.fitting.layout import Layout
from training.labels import IGNORE
from training.network.config import RATE_HZ

Mask = npt.NDArray[np.bool_]


class Augment:
    """Disturbs batches; the same `(seed, epoch, step)` gives the same disturbance.

    Args:
        config: How much.
        layout: Of the features.
        scales: `(C,)` float32 spread of each channel, the unit of noise.
        delay: Ticks of look-ahead of the network.
        seed: Of the run.
    """

    def __init__(
        self, config: AugmentConfig, layout: Layout, scales: F32, delay: int, seed: int
    ) -> None:
        self._config = config
        self._layout = layout
        # Noise on positions would drown their differences, and their own is in the simulator.
        quiet = np.isin(np.arange(len(scales)), (layout.seen, *layout.positions))
        self._scales = np.where(quiet, np.float32(0), scales)
        self._delay = delay
        self._seed = seed

    def __call__(self, batch: Batch, epoch: int, step: int) -> Batch:
        """A disturbed copy; labels are ignored where nothing is left to see.

        Args:
            batch: As it was simulated.
            epoch: From 0.
            step: Within the epoch.
        """
        rng = np.random.default_rng([self._seed, epoch, step, 1])
        features = batch.features.copy()
        flipped = rng.random(len(features)) < self._config.mirror
        features[flipped] = mirrored(features[flipped], self._layout)
        features = self._with_noise(rng, features)
        self._drop_channels(rng, features)
        self._drop_joints(rng, features)
        return self._with_gaps(rng, Batch(features, batch.labels, batch.bounds))

    def _with_noise(self, rng: np.random.Generator, features: F32) -> F32:
        count, channels, _, joints = features.shape
        scales = self._scales[None, :, None, None]
        change = np.zeros((1, 1, 1, 1), np.float32)
        if self._config.noise:
            # Even noise of the same spread: normal noise takes several times as long to draw.
            change = rng.random(features.shape, np.float32)
            change -= 0.5
            change *= 12**0.5 * self._config.noise * scales
        if self._config.offset:
            constant = rng.standard_normal((count, channels, 1, joints), np.float32)
            change = change + constant * (self._config.offset * scales)
        features += change * (features != 0)
        if self._config.gain:
            gain = rng.standard_normal((count, channels, 1, 1), np.float32) * self._config.gain
            gain[:, self._layout.seen] = 0
            features *= 1 + gain
        return features

    def _drop_channels(self, rng: np.random.Generator, features: F32) -> None:
        for channels in self._layout.optional:
            without = rng.random(len(features)) < self._config.optional_drop
            features[np.ix_(np.flatnonzero(without), np.array(channels))] = 0

    def _drop_joints(self, rng: np.random.Generator, features: F32) -> None:
        count, _, ticks, joints = features.shape
        away = self._spans(rng, (count, joints), self._config.joint_drop, ticks)
        for hand in self._layout.hands:
            lost = self._spans(rng, (count,), self._config.hand_drop, ticks)
            away[:, list(hand)] |= lost[:, None]
        features *= ~away.transpose(0, 2, 1)[:, None]

    def _with_gaps(self, rng: np.random.Generator, batch: Batch) -> Batch:
        count, _, ticks, _ = batch.features.shape
        unseen = self._spans(rng, (count,), self._config.gap, ticks)
        late = rng.random(count) < self._config.late_start
        until = rng.random(count) * self._longest(ticks)
        unseen |= late[:, None] & (np.arange(ticks) < until[:, None])
        batch.features[...] *= ~unseen[:, None, :, None]
        described = np.zeros_like(unseen)  # whether the tick that an output describes is unseen
        described[:, self._delay :] = unseen[:, : ticks - self._delay]
        bounds = np.where(described[..., None], np.float32(IGNORE), batch.bounds)
        return Batch(batch.features, np.where(described, IGNORE, batch.labels), bounds)

    def _spans(
        self, rng: np.random.Generator, shape: tuple[int, ...], chance: float, ticks: int
    ) -> Mask:
        """`(*shape, T)`: for each, with this chance, one stretch of ticks."""
        length = rng.random((*shape, 1)) * self._longest(ticks)
        start = rng.random((*shape, 1)) * ticks - length / 2
        happens = rng.random((*shape, 1)) < chance
        tick = np.arange(ticks)
        return np.asarray(happens & (tick >= start) & (tick < start + length))

    def _longest(self, ticks: int) -> float:
        return min(self._config.longest_s * RATE_HZ, ticks)


def mirrored(features: F32, layout: Layout) -> F32:
    """The same movement of a person seen in a mirror.

    Args:
        features: `(..., C, T, 22)` float32.
        layout: Of the features.
    """
    swapped = features[..., list(layout.mirror_joint)]
    return np.asarray(swapped * layout.mirror_sign[:, None, None], np.float32)
