"""What can be measured of the hands: when they are found, where, and how two estimates differ."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from training.simulator.landmarks import groups
from training.simulator.landmarks.samples import Collector, Sequence

GAP_LAGS_S = (0.1, 0.2, 0.4, 0.8)
"""Times after which the change of the wrist's disagreement is measured."""

_GUESS_S, _GUESS_LAG_S = 3.0, 0.3
# Two hands whose palms are nearer than this are one.
_DUPLICATE_WITHIN = 0.15
_FAST = 2.0
# A wrist at these speeds rests, or moves enough to see which of its two estimates is behind.
_RESTING, _MOVING, _RUSHING = 0.3, 0.7, 5.0


def measure_hands(s: Sequence, out: Collector) -> None:
    """On which hand each set of points sits, and how it stands to the pose's own wrist."""
    both = s.found.all(axis=1)
    apart = np.linalg.norm(s.palms[:, 0] - s.palms[:, 1], axis=-1) / s.unit
    together = (s.context == groups.TOGETHER).any(axis=1)
    out.add("duplicate/together", apart[both & together] < _DUPLICATE_WITHIN)
    out.add("duplicate/apart", apart[both & ~together] < _DUPLICATE_WITHIN)
    gaps = np.stack([_wrist_gap(s, side, side) for side in (0, 1)], 1)
    crossed = np.stack([_wrist_gap(s, side, 1 - side) for side in (0, 1)], 1)
    for side in (0, 1):
        out.add("taken/together", (crossed < gaps)[s.found[:, side] & together, side])
        out.add("taken/apart", (crossed < gaps)[s.found[:, side] & ~together, side])
        _measure_wrist(s, side, gaps[:, side] < crossed[:, side], out)
        elbow_out = s.outside[:, groups.ELBOWS[side]] > 0.0
        lost = (s.context[:, side] <= groups.HIDDEN) & elbow_out
        other = s.context[:, 1 - side]
        raised = (other >= groups.CONTACT) & (other <= groups.RAISED)
        arm = s.xy[:, groups.ARM_JOINTS[side]].mean(axis=1)
        drawn = (arm > 0.0).all(-1) & (arm[:, 0] < s.aspect) & (arm[:, 1] < 1.08)
        out.add("drawn", drawn[lost & raised])
        out.add("drawn_hand", s.found[lost & raised & drawn, side])


def measure_guess(s: Sequence, out: Collector) -> None:
    """How an arm out of the picture wanders, in pieces of a few seconds."""
    size, lag = round(_GUESS_S / s.step_s), round(_GUESS_LAG_S / s.step_s)
    for side, (wrist, *_) in enumerate(groups.ARM_JOINTS):
        at = (s.context[:, side] == groups.OUT) & (s.outside[:, wrist] > 0.15)
        for start in range(0, len(at) - size + 1, size):
            w = slice(start, start + size)
            if at[w].all() and 0 < lag < size:
                places = s.xy[w, wrist] / s.unit[w, None]
                out.add("guess", places.std(axis=0))
                out.add("guess_change", (places[lag:] - places[:-lag]).std(axis=0))


def _wrist_gap(s: Sequence, side: int, other: int) -> F32:
    hand, arm = groups.HANDS[side].start, groups.ARM_JOINTS[other][0]
    return np.asarray(np.linalg.norm(s.xy[:, hand] - s.xy[:, arm], axis=-1) / s.unit, np.float32)


def _measure_wrist(s: Sequence, side: int, own: npt.NDArray[np.bool_], out: Collector) -> None:
    hand, arm = groups.HANDS[side].start, groups.ARM_JOINTS[side][0]
    usable = s.found[:, side] & own & (s.context[:, side] > groups.HIDDEN)
    difference = (s.xy[:, hand] - s.xy[:, arm]) / s.unit[:, None]
    for context in np.unique(s.context[usable, side]):
        chosen = usable & (s.context[:, side] == context)
        out.add(
            f"wrist_gap/{groups.CONTEXTS[context]}", np.linalg.norm(difference[chosen], axis=-1)
        )
    ahead = np.gradient(s.true_xy[:, hand], s.times_s, axis=0) / s.unit[:, None]
    moving = usable & (s.speed[:, side] > _MOVING) & (s.speed[:, side] < _RUSHING)
    along = (difference * ahead).sum(-1) / np.maximum((ahead**2).sum(-1), 1e-6)
    out.add("wrist_lag_s", along[moving])
    still = usable & (s.speed[:, side] < _RESTING)
    _measure_wrist_change(s, difference, usable, "wrist_change", out)
    _measure_wrist_change(s, difference, still, "still_change", out)


def _measure_wrist_change(
    s: Sequence, difference: F32, usable: npt.NDArray[np.bool_], key: str, out: Collector
) -> None:
    for seconds in GAP_LAGS_S:
        lag = round(seconds / s.step_s)
        pairs = usable[lag:] & usable[:-lag] if 0 < lag < len(usable) else usable[:0]
        if pairs.any():
            moved = difference[lag:][pairs] - difference[:-lag][pairs]
            out.add(f"{key}/{seconds:g}", np.linalg.norm(moved, axis=-1))


def measure_runs(s: Sequence, out: Collector) -> None:
    """When hands are found and lost."""
    held_s = np.append(np.diff(s.times_s), s.step_s)
    for side in (0, 1):
        found, context = s.found[:, side], s.context[:, side]
        for index in np.unique(context):
            at = context == index
            name = groups.CONTEXTS[index]
            out.add(f"found/{name}", found[at])
            steps = at[:-1] & at[1:]
            out.add(f"found_s/{name}", held_s[:-1][steps & found[:-1]])
            out.add(f"lost_s/{name}", held_s[:-1][steps & ~found[:-1]])
            out.add(f"losses/{name}", found[:-1][steps] & ~found[1:][steps])
            out.add(f"finds/{name}", ~found[:-1][steps] & found[1:][steps])
        seen = context > groups.TOGETHER
        fast = s.speed[:-1, side] > _FAST
        for name, chosen in (("fast", fast), ("slow", ~fast)):
            steps = seen[:-1] & seen[1:] & chosen
            out.add(f"found_s/{name}", held_s[:-1][steps & found[:-1]])
            out.add(f"losses/{name}", found[:-1][steps] & ~found[1:][steps])
            out.add(f"speed/{name}", s.speed[:-1, side][steps])
        _add_run_lengths(s, found, context > groups.HIDDEN, out)


def _add_run_lengths(
    s: Sequence,
    found: npt.NDArray[np.bool_],
    in_view: npt.NDArray[np.bool_],
    out: Collector,
) -> None:
    """Lengths of runs that begin and end while the hand is in view."""
    changes = np.flatnonzero(np.diff(found.astype(np.int8))) + 1
    for start, end in pairwise(changes):
        if in_view[start - 1 : end + 1].all():
            kind = "found_run_s" if found[start] else "lost_run_s"
            out.add(kind, s.times_s[end] - s.times_s[start])
