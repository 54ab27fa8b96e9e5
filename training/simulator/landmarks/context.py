"""Where the hands are and how fast, which decides how the pose network errs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from training.simulator.landmarks import groups
from training.simulator.landmarks.processes import Rng, drift, follow, steps_s, wander
from training.simulator.landmarks.view import CleanView

CONTACT_GAP = 0.06
"""Distance to head and neck, in shoulder widths, up to which a hand touches."""

NEAR_GAP = 0.45
"""Distance up to which it is near."""

TOGETHER_GAP = 0.25
"""Distance between the hands up to which they are together."""

RAISED_BELOW_SHOULDERS = 0.45
"""A wrist at most so far below the shoulders, in shoulder widths, is raised."""

# A hand is still found when its palm is up to so far out of the picture.
_MARGIN = 0.05
# Errors grow and shrink over about this time when a hand goes from one context to another.
_CHANGE_TAU_S = 0.1
# Errors of a hand grow with its speed, in shoulder widths per second, up to so many times.
_LIVELY_SPEED, _LIVELIEST = 1.0, 2.0


@dataclass(frozen=True)
class Scene:
    """One call of `observe`: the view and what several parts of the noise need of it.

    Attributes:
        view: What is truly there.
        dt_s: `(N, F)` time since the frame before.
        context: `(N, F, 2)` index into `groups.CONTEXTS` of each hand.
        speed: `(N, F, 2)` of the hands, in shoulder widths per second.
        outside: `(N, F, 75)` how far each joint is out of the picture, in shoulder widths.
        population: Rms of the logarithm by which sequences differ.
        rng: Source of chance.
    """

    view: CleanView
    dt_s: F32
    context: npt.NDArray[np.int64]
    speed: F32
    outside: F32
    population: float
    rng: Rng

    def by_context(self, values: tuple[float, ...], smooth: bool = True) -> F32:
        """`(N, F, 2)`: the value of each hand's context, as a gliding change if `smooth`."""
        found = np.array(values, np.float32)[self.context]
        return follow(found, self.dt_s, _CHANGE_TAU_S) if smooth else found

    def liveliness(self, still_part: float) -> F32:
        """`(N, F, 2)`: size of a hand's errors: `still_part` at rest, 1 at `_LIVELY_SPEED`."""
        moving = np.minimum(self.speed / _LIVELY_SPEED, _LIVELIEST).astype(np.float32)
        return follow(still_part + (1.0 - still_part) * moving, self.dt_s, _CHANGE_TAU_S)

    def wander(self, tau_s: float, channels: int) -> F32:
        """`(N, F, channels)`: processes of rms 1, see `processes.wander`."""
        return wander(self.dt_s, tau_s, channels, self.rng)

    def drift(self, tau_s: float | F32, channels: int) -> F32:
        """`(N, F, channels)`: smooth processes of rms 1, see `processes.drift`."""
        return drift(self.dt_s, tau_s, channels, self.rng)

    def factor(self, channels: int = 1, part: float = 1.0) -> F32:
        """`(N, 1, channels)`: by how much each sequence differs from the fit.

        Args:
            channels: How many independent factors a sequence gets.
            part: Spread of these as part of `population`.
        """
        drawn = self.rng.standard_normal((len(self.dt_s), 1, channels), dtype=np.float32)
        return np.asarray(np.exp(part * self.population * drawn), np.float32)

    def constant(self, channels: int) -> F32:
        """`(N, 1, channels)`: errors of rms 1 that a sequence keeps."""
        return self.rng.standard_normal((len(self.dt_s), 1, channels), dtype=np.float32)


def scene(view: CleanView, population: float, rng: Rng) -> Scene:
    """Look at a view once for all parts of the noise."""
    outside = beyond_picture(view)
    return Scene(
        view=view,
        dt_s=steps_s(view.t_s),
        context=hand_contexts(view, outside),
        speed=hand_speed(view),
        outside=outside,
        population=population,
        rng=rng,
    )


def beyond_picture(view: CleanView) -> F32:
    """`(N, F, 75)`: how far out of the picture each joint is, in shoulder widths; 0 inside."""
    x, y = view.xy[..., 0], view.xy[..., 1]
    beyond_x = np.maximum(-x, x - view.aspect[:, None, None])
    beyond = np.maximum(beyond_x, np.maximum(-y, y - 1.0))
    return np.asarray(np.maximum(beyond, 0.0) / np.maximum(view.unit, 1e-6)[..., None], np.float32)


def hand_contexts(view: CleanView, outside: F32) -> npt.NDArray[np.int64]:
    """`(N, F, 2)`: index into `groups.CONTEXTS` of each hand."""
    palm_out = np.stack([outside[..., hand][..., groups.PALM].mean(-1) for hand in groups.HANDS], 2)
    wrists = np.stack([view.xy[..., hand.start, 1] for hand in groups.HANDS], 2)
    shoulders = view.xy[..., groups.SHOULDERS, 1].mean(-1)[..., None]
    lowered = (wrists - shoulders) / np.maximum(view.unit, 1e-6)[..., None]
    cases = [
        palm_out > _MARGIN,
        view.hand_hidden,
        np.broadcast_to(view.hands_gap[..., None] <= TOGETHER_GAP, lowered.shape),
        view.hand_gap <= CONTACT_GAP,
        view.hand_gap <= NEAR_GAP,
        lowered <= RAISED_BELOW_SHOULDERS,
    ]
    return np.select(cases, list(range(groups.LOW)), groups.LOW)


def hand_speed(view: CleanView) -> F32:
    """`(N, F, 2)`: speed of each wrist in shoulder widths per second."""
    wrists = np.stack([view.xy[..., hand.start, :] for hand in groups.HANDS], 2)
    if wrists.shape[1] < 2:
        return np.zeros(wrists.shape[:3], np.float32)
    moved = np.linalg.norm(np.diff(wrists, axis=1), axis=-1)
    taken_s = np.maximum(np.diff(view.t_s, axis=1), 1e-3) * view.unit[:, 1:]
    speed = (moved / taken_s[..., None]).astype(np.float32)
    return np.concatenate([speed[:, :1], speed], axis=1)
