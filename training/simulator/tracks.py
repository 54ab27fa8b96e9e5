"""Timelines of N people as arrays, and what they say at given times."""

from dataclasses import dataclass, fields

import numpy as np

from engine.poses import F32
from training.simulator.geometry import Ints, minimum_jerk
from training.simulator.reaching import Hold
from training.simulator.scripts.model import CHANNELS
from training.simulator.timeline import HANDS, Move, Timeline

_HOLD_FIELDS = tuple(field.name for field in fields(Hold))
_MOVE_FIELDS = tuple(field.name for field in fields(Move))
_NEVER_S = 2e6


@dataclass(frozen=True)
class Stays:
    """What one hand does in F frames: between one stay and the next.

    Attributes:
        now: Field of `Hold` to (N, F) or (N, F, k), of the stay that is or was last.
        then: The same of the next stay.
        part: (N, F) way covered from one to the other, 0..1.
    """

    now: dict[str, F32]
    then: dict[str, F32]
    part: F32


class HandTrack:
    """One hand of N people.

    Args:
        timelines: N timelines.
        hand: 0 left, 1 right.
    """

    def __init__(self, timelines: list[Timeline], hand: int) -> None:
        rows = [[_row(hold) for hold in line.holds[hand]] for line in timelines]
        most = max(map(len, rows)) + 1
        self._slices = _slices(timelines[0].holds[hand][0])
        self._table = np.zeros((len(rows), most, len(rows[0][0])), np.float32)
        for n, own in enumerate(rows):
            self._table[n, : len(own)] = own
            self._table[n, len(own) :] = own[-1]
            self._table[n, len(own) :, self._slices["arrive_s"]] = _NEVER_S
            self._table[n, len(own) - 1 :, self._slices["leave_s"]] = _NEVER_S

    def at(self, t_s: F32) -> Stays:
        """Stays at (N, F) times."""
        arrive = self._table[..., self._slices["arrive_s"]][..., 0]
        index = np.stack(
            [np.searchsorted(a, t, side="right") - 1 for a, t in zip(arrive, t_s, strict=True)]
        )
        now = self._gather(index)
        then = self._gather(np.minimum(index + 1, self._table.shape[1] - 1))
        span = np.maximum(then["arrive_s"] - now["leave_s"], 1e-3)
        return Stays(now, then, minimum_jerk((t_s - now["leave_s"]) / span))

    def _gather(self, index: Ints) -> dict[str, F32]:
        rows = np.take_along_axis(self._table, index[..., None], axis=1)
        return {
            name: rows[..., where] if where.stop - where.start > 1 else rows[..., where.start]
            for name, where in self._slices.items()
        }


def hand_tracks(timelines: list[Timeline]) -> tuple[HandTrack, HandTrack]:
    """Left and right hands."""
    left, right = (HandTrack(timelines, hand) for hand in HANDS)
    return left, right


def posture_at(timelines: list[Timeline], t_s: F32) -> F32:
    """(N, F, len(CHANNELS)) posture at (N, F) times, without what bodies do by themselves."""
    most = max(len(line.moves) for line in timelines)
    table = np.zeros((len(timelines), most, len(_MOVE_FIELDS)), np.float32)
    for n, line in enumerate(timelines):
        for k, move in enumerate(line.moves):
            table[n, k] = [getattr(move, name) for name in _MOVE_FIELDS]
    out = np.zeros((*t_s.shape, len(CHANNELS)), np.float32)
    everyone = np.arange(len(timelines))
    for k in range(most):
        row = dict(zip(_MOVE_FIELDS, table[:, k, :, None].transpose(1, 0, 2), strict=True))
        out[everyone, :, table[:, k, 0].astype(int)] += _moved(row, t_s)
    return out


def _moved(row: dict[str, F32], t_s: F32) -> F32:
    """(N, F) size of one move of each of N people; a row of zeros moves nothing."""
    since = t_s - row["begin_s"]
    up = minimum_jerk(since / np.maximum(row["rise_s"], 1e-3))
    after = since - row["rise_s"] - row["hold_s"]
    down = minimum_jerk(after / np.maximum(row["fall_s"], 1e-3))
    there = up - np.where(row["fall_s"] > 0, down, 0.0)
    swing = np.sin(2 * np.pi * row["hz"] * since + row["phase"])
    return np.asarray(row["size"] * there * np.where(row["hz"] > 0, swing, 1.0), np.float32)


def _slices(hold: Hold) -> dict[str, slice]:
    out, start = {}, 0
    for name in _HOLD_FIELDS:
        size = int(np.size(getattr(hold, name)))
        out[name] = slice(start, start + size)
        start += size
    return out


def _row(hold: Hold) -> F32:
    return np.concatenate([np.atleast_1d(getattr(hold, name)) for name in _HOLD_FIELDS])
