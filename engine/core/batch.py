"""One recogniser stepped for many streams together."""

from collections.abc import Sequence

import numpy as np

from engine.contracts import StepModel
from engine.core.stream import Decision, Steps, StreamCore
from engine.errors import ModelError
from engine.poses import F32, PoseSample
from engine.skeletons import skeleton

_CHANNELS = 4


class StepBatch:
    """Collects the ticks that are due, one of each stream, and steps the recogniser once for all.

    A stream whose sample brings several ticks takes several rounds; the others may begin new
    samples meanwhile, so that one that catches up does not hold them. Pure: the caller decides
    when to step.

    Args:
        model: The recogniser, warmed up; stepped by nobody else.
        streams: Rows that the recogniser was asked for; more are made as they come.

    Attributes:
        rooms: How many rows it was asked for, one time after the other.
    """

    def __init__(self, model: StepModel, streams: int = 1) -> None:
        self._model = model
        self._joints = len(skeleton(model.skeleton))
        self._busy: dict[int, tuple[StreamCore, Steps]] = {}
        self._x = np.zeros((0, self._joints, _CHANNELS), np.float32)
        self._active = np.zeros(0, np.bool_)
        self.rooms: tuple[int, ...] = ()
        self.reserve(streams)

    @property
    def busy(self) -> frozenset[int]:
        """Rows whose sample has not been finished."""
        return frozenset(self._busy)

    def reserve(self, streams: int) -> None:
        """Have at least so many rows.

        Raises:
            ModelError: There is no room for so many.
        """
        if streams > len(self._x):
            self._model.reserve(streams)
            self.rooms += (streams,)
            grown = np.zeros((streams, self._joints, _CHANNELS), np.float32)
            grown[: len(self._x)] = self._x
            self._x = grown
            self._active = np.append(self._active, np.zeros(streams - len(self._active), np.bool_))

    def begin(self, core: StreamCore, sample: PoseSample) -> list[Decision] | None:
        """Take the next sample of a stream that is not busy.

        Returns:
            Its decisions if it brings no tick; else None, and `step` will give them.

        Raises:
            ModelError: See `StreamCore.steps`.
        """
        self.reserve(core.row + 1)
        steps = core.steps(sample)
        try:
            self._put(core.row, next(steps))
        except StopIteration as done:
            decisions: list[Decision] = done.value
            return decisions
        self._busy[core.row] = core, steps
        return None

    def step(self) -> dict[int, list[Decision]]:
        """One tick of every busy stream.

        Returns:
            Row to decisions, of the streams that are not busy any more.

        Raises:
            ModelError: The recogniser broke, or gave what are no scores.
        """
        scores = self._model.step(self._x, self._active)
        if scores is not None:
            _check_shape(scores, len(self._x), self._model)
        late = self._model.late
        finished = {}
        for row, (core, steps) in sorted(self._busy.items()):
            if late is not None and late[row]:
                core.gave_up()
            try:
                self._put(row, steps.send(None if scores is None else scores[row]))
            except StopIteration as done:
                finished[row] = done.value
                self._take_out(row)
        return finished

    def forget(self) -> None:
        """Give up what is under way, after an error."""
        for row in list(self._busy):
            self._take_out(row)

    def _put(self, row: int, x: F32) -> None:
        self._x[row] = x
        self._active[row] = True

    def _take_out(self, row: int) -> None:
        del self._busy[row]
        self._x[row] = 0.0
        self._active[row] = False


class StreamGroup:
    """Streams that have the recogniser to themselves and whose samples come together.

    They are those of the people in one file; of one person also for replays and calibration.

    Args:
        cores: Of the streams, each with a row of its own.
        model: The recogniser, as for `StepBatch`.
        streams: Rows that the recogniser was asked for, of which these streams use their own only.
    """

    def __init__(self, cores: Sequence[StreamCore], model: StepModel, streams: int = 1) -> None:
        self._cores = cores
        self._batch = StepBatch(model, streams)

    def step(self, samples: Sequence[PoseSample]) -> list[list[Decision]]:
        """Decisions of each stream on its sample, in the order of the cores.

        Raises:
            ModelError: See `StepBatch`.
        """
        done: dict[int, list[Decision]] = {}
        for core, sample in zip(self._cores, samples, strict=True):
            decisions = self._batch.begin(core, sample)
            if decisions is not None:
                done[core.row] = decisions
        while self._batch.busy:
            done |= self._batch.step()
        return [done[core.row] for core in self._cores]

    def finish(self) -> list[list[Decision]]:
        """Of each stream; see `StreamCore.finish`."""
        return [core.finish() for core in self._cores]


class LoneStream:
    """A stream that has the recogniser to itself.

    Args:
        core: The stream's core.
        model: The recogniser, as for `StepBatch`.
    """

    def __init__(self, core: StreamCore, model: StepModel) -> None:
        self._group = StreamGroup((core,), model)

    def step(self, sample: PoseSample) -> list[Decision]:
        """Decisions of one sample.

        Raises:
            ModelError: See `StepBatch`.
        """
        return self._group.step((sample,))[0]

    def finish(self) -> list[Decision]:
        """See `StreamCore.finish`."""
        return self._group.finish()[0]


def _check_shape(scores: F32, rows: int, model: StepModel) -> None:
    """Refuse what are not the scores of so many streams.

    Raises:
        ModelError: They are not.
    """
    expected = (rows, len(model.labels))
    if scores.shape != expected:
        raise ModelError(f"the recogniser gave scores of shape {scores.shape}, expected {expected}")
