"""Which classes the view does not support, now and for how long."""

import numpy as np

from engine.labels import Label
from engine.poses import F32


class Abstention:
    """Follows the scores that are NaN: classes of which the model says that it cannot tell.

    One thread steps it; any thread may read.

    Args:
        labels: Of each score.
        rate_hz: Ticks a second.
    """

    def __init__(self, labels: tuple[Label, ...], rate_hz: float) -> None:
        self._slugs = tuple(label.slug for label in labels)
        self._rate_hz = rate_hz
        self._ticks = np.zeros(len(labels), np.int64)
        self._mask = np.zeros(len(labels), bool)
        self._now: tuple[str, ...] = ()

    @property
    def now(self) -> tuple[str, ...]:
        """Slugs of the classes not supported at the newest tick."""
        return self._now

    @property
    def seconds(self) -> dict[str, float]:
        """Slug to seconds without support while somebody was in view; only those with any."""
        pairs = zip(self._slugs, self._ticks.tolist(), strict=True)
        return {slug: round(ticks / self._rate_hz, 3) for slug, ticks in pairs if ticks}

    def step(self, scores: F32) -> None:
        """Take the scores of one tick with somebody in view.

        Args:
            scores: `(K,)` float32; NaN where the model abstains.
        """
        mask = np.isnan(scores)
        self._ticks += mask
        if not np.array_equal(mask, self._mask):
            self._mask = mask
            self._now = tuple(self._slugs[i] for i in np.flatnonzero(mask).tolist())

    def clear(self) -> None:
        """Nobody is in view: no class is more out of view than any other."""
        self._mask = np.zeros_like(self._mask)
        self._now = ()
