"""Labels of ticks and true events of a scene: what is done, as far as the picture can show it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from training.labels import IGNORE, NONE_INDEX
from training.simulator.geometry import Bools
from training.simulator.scene import Scene
from training.simulator.scripts.table import SCRIPTS, trained_class
from training.simulator.ticks import RATE_HZ, Ticks
from training.simulator.timeline import Act

# A joint this far out of the picture, in image heights, still shows by what hangs on it.
_MARGIN = 0.02
# Hands further than this from where they should be do not do what they are said to do.
_SHORT_M = 0.035
# An event of which less can be seen is not asked for.
_LEAST_SHOWN = 0.6
# What begins or ends outside a sequence is an event only if so many ticks of it lie inside.
_LEAST_INSIDE = 10
_BY_ELBOWS = ("fold_arms", "arms_behind_body", "akimbo")


@dataclass(frozen=True)
class Labels:
    """What a recogniser should say.

    Attributes:
        ticks: (N, T) int8 class index; `IGNORE` where the picture does not show it.
        event_sequence: (E,) which sequence.
        event_class: (E,) class index.
        event_start: (E,) in ticks from the sequence's start.
        event_end: (E,) first instant after, in ticks.
    """

    ticks: npt.NDArray[np.int8]
    event_sequence: npt.NDArray[np.int32]
    event_class: npt.NDArray[np.int8]
    event_start: F32
    event_end: F32


def label(scene: Scene, ticks: Ticks) -> Labels:
    """Label the ticks of a scene."""
    shown = _Shown(scene, ticks)
    out = np.full(ticks.valid.shape, NONE_INDEX, np.int8)
    events: list[tuple[int, int, float, float]] = []
    for n, line in enumerate(scene.timelines):
        for act in line.acts:
            events += _put(out[n], n, act, shown, ticks)
    out[~ticks.valid] = IGNORE
    table = np.array(events, np.float64).reshape(-1, 4)
    return Labels(
        ticks=out,
        event_sequence=table[:, 0].astype(np.int32),
        event_class=table[:, 1].astype(np.int8),
        event_start=table[:, 2].astype(np.float32),
        event_end=table[:, 3].astype(np.float32),
    )


def _put(
    row: npt.NDArray[np.int8], n: int, act: Act, shown: "_Shown", ticks: Ticks
) -> list[tuple[int, int, float, float]]:
    """Label the ticks of one act; gives its event if it counts as one."""
    kind = trained_class(SCRIPTS[act.script])
    if kind == NONE_INDEX:
        return []
    start, end = ((t - ticks.t_s[n, 0]) * RATE_HZ for t in (act.start_s, act.end_s))
    first, last = max(int(np.ceil(start)), 0), min(int(np.ceil(end)), len(row))
    if last <= first:
        return []
    span = slice(first, last)
    seen = shown.act(n, act)[span]
    start_inside, end_inside = max(start, 0.0), min(end, float(len(row)))
    cut = end_inside - start_inside < end - start
    counts = (
        kind != IGNORE
        and float(seen.mean()) >= _LEAST_SHOWN
        and not (cut and end_inside - start_inside < _LEAST_INSIDE)
    )
    row[span] = np.where(seen, kind, IGNORE) if counts else IGNORE
    return [(n, kind, start_inside, end_inside)] if counts else []


class _Shown:
    """Which acts the pictures of a scene show, tick by tick."""

    def __init__(self, scene: Scene, ticks: Ticks) -> None:
        self._index = np.stack(
            [
                np.clip(np.searchsorted(t, grid), 0, len(t) - 1)
                for t, grid in zip(scene.t_s, ticks.t_s, strict=True)
            ]
        )
        self._valid = ticks.valid
        inside = _inside(scene)
        sides = ("left", "right")
        at = HOLISTIC_75.index
        self._hands = np.stack([inside[..., at(f"{s}_hand_middle_mcp")] for s in sides], axis=-1)
        self._elbows = np.stack([inside[..., at(f"{s}_elbow")] for s in sides], axis=-1)
        self._shoulders = inside[..., at("left_shoulder")] & inside[..., at("right_shoulder")]
        self._face = inside[..., at("nose")] & inside[..., at("left_eye")]
        self._reached = scene.motion.short_m < _SHORT_M

    def act(self, n: int, act: Act) -> Bools:
        """(T,) whether the picture shows it."""
        script = SCRIPTS[act.script]
        hands = list(act.hands)
        if not hands:
            needed = self._face[n] if script.name == "head_up" else self._shoulders[n]
            needed = needed & self._face[n]
        elif script.name in _BY_ELBOWS:
            needed = self._elbows[n][:, hands].all(axis=-1)
        else:
            needed = (self._hands[n] & self._reached[n])[:, hands].all(axis=-1)
        shown: Bools = needed[self._index[n]] & self._valid[n]
        return shown


def _inside(scene: Scene) -> Bools:
    x, y = scene.views.xy[..., 0], scene.views.xy[..., 1]
    width = scene.cameras.aspect[:, None, None]
    across = (x > -_MARGIN) & (x < width + _MARGIN)
    return np.asarray(across & (y > -_MARGIN) & (y < 1 + _MARGIN))
