"""One sequence in the units that measuring needs, and a place to gather what is measured."""

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from training.simulator.landmarks import groups
from training.simulator.landmarks.context import beyond_picture, hand_contexts, hand_speed
from training.simulator.landmarks.truth import Taken

Samples = dict[str, npt.NDArray[np.float64]]

WINDOW_S = 0.5
"""Jitter is what is left of so long a still moment when its straight line is taken away."""

_LEAST_FPS = 20.0


class Collector:
    """Gathers samples of each quantity over recordings."""

    def __init__(self) -> None:
        self._parts: dict[str, list[npt.NDArray[np.float64]]] = defaultdict(list)

    def add(self, key: str, values: npt.ArrayLike) -> None:
        """More samples of one quantity."""
        found = np.asarray(values, np.float64).ravel()
        if len(found):
            self._parts[key].append(found)

    def samples(self) -> Samples:
        """Everything gathered."""
        return {key: np.concatenate(parts) for key, parts in self._parts.items()}


class Sequence:
    """One sequence of a `Taken`, in the units that measuring needs; frames with a person only.

    Args:
        taken: The recording.
        n: Which sequence of it.
    """

    def __init__(self, taken: Taken, n: int) -> None:
        view, seen = taken.view, taken.seen
        kept = seen.valid[n]
        outside = beyond_picture(view)
        self.times_s = view.t_s[n][kept]
        self.unit = view.unit[n][kept]
        self.aspect = float(view.aspect[n])
        self.xy = seen.joints[n][kept][..., :2] * np.array([self.aspect, 1.0], np.float32)
        self.confidence = seen.joints[n][kept][..., 2]
        self.depth = seen.depth[n][kept] * self.aspect / self.unit[:, None]
        self.context = hand_contexts(view, outside)[n][kept]
        self.speed = hand_speed(view)[n][kept]
        self.true_xy = view.xy[n][kept]
        self.outside = outside[n][kept]
        starts = [hand.start for hand in groups.HANDS]
        self.found = self.confidence[:, starts] > 0
        self.has_depth = bool(view.depth[n].any())
        self.step_s = float(np.median(np.diff(self.times_s)))

    @property
    def palms(self) -> F32:
        """`(F, 2, 2)`: middle of each hand's palm."""
        palms = [self.xy[:, hand][:, groups.PALM].mean(axis=1) for hand in groups.HANDS]
        return np.stack(palms, 1)

    def windows(self) -> list[slice]:
        """Non-overlapping unbroken stretches of `WINDOW_S`; none of slow recordings."""
        size = round(WINDOW_S / self.step_s)
        if self.step_s > 1.0 / _LEAST_FPS:
            return []
        starts = range(0, len(self.times_s) - size + 1, size)
        found = [slice(start, start + size) for start in starts]
        return [w for w in found if np.ptp(self.times_s[w]) < 1.3 * WINDOW_S]
