"""What recognisers with a network have in common: rows that come and go, and the view."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from engine.backends import BackendStatus, GraphRunner, RunGraph
from engine.config import ClassDecoderConfig
from engine.errors import ModelError
from engine.labels import Label
from engine.poses import F32, Bools
from engine.skeletons import HOLISTIC_75
from engine.step_graph import StepGraph
from plugins.recognizers.view import Rows, SteadyView, needs_of, supported


class StepRecognizer(ABC):
    """Keeps `StepModel`: each stream is a row of a network and a view that comes with it.

    A score is NaN where the view does not support the class. Gap ticks are zeros to the network
    like any other.

    Args:
        graph: The network.
        labels: Of the scores.
        delay: Ticks of look-ahead.
        receptive_field: Ticks that can influence one output.
        rate_hz: Ticks a second.
        operating_points: Recommended decoder settings.
        run_graph: Runs the network.
    """

    skeleton = HOLISTIC_75.name

    def __init__(
        self,
        graph: StepGraph,
        *,
        labels: tuple[Label, ...],
        delay: int,
        receptive_field: int,
        rate_hz: float,
        operating_points: Mapping[str, ClassDecoderConfig] = MappingProxyType({}),
        run_graph: RunGraph,
    ) -> None:
        self.labels = labels
        self.delay = delay
        self.receptive_field = receptive_field
        self.rate_hz = rate_hz
        self.operating_points = operating_points
        self.model_hash = graph.digest[:16]
        self.precision = graph.precision
        self._graph = graph
        self._needs = needs_of(labels)
        self._run_graph = run_graph
        self._runner: GraphRunner | None = None
        self._view = self._no_view()

    @property
    def backend(self) -> BackendStatus:
        """See `StepModel.backend`."""
        return self._runner.backend if self._runner is not None else BackendStatus()

    @property
    def late(self) -> Bools | None:
        """See `StepModel.late`."""
        return self._runner.late if self._runner is not None else None

    def warm_up(self) -> None:
        """See `StepModel.warm_up`."""
        self.step(np.zeros((max(1, len(self._view)), len(HOLISTIC_75), 4), np.float32))
        self.reset()

    def reserve(self, streams: int) -> None:
        """See `StepModel.reserve`."""
        if self._runner is None:
            self._runner = self._run_graph(self._graph)
        self._runner.reserve(streams)
        self._view.reserve(streams)

    def step(self, x: F32, active: Bools | None = None) -> F32:
        """See `StepModel.step`.

        Raises:
            ModelError: The shape is not `(S, 75, 4)`, or there are other rows than reserved.
        """
        if x.ndim != 3 or x.shape[1:] != (len(HOLISTIC_75), 4):
            raise ModelError(f"the recogniser expects joints (S, 75, 4), got {x.shape}")
        if len(x) > len(self._view):
            self.reserve(len(x))
        if self._runner is None or len(x) != len(self._view):
            raise ModelError(f"expected {len(self._view)} streams as before, got {len(x)}")
        if active is None:
            active = np.ones(len(x), np.bool_)
        rows = np.flatnonzero(active)
        x = x if len(rows) == len(x) else x[rows]
        outputs = self._runner.step(_spread(self._input(x), rows, len(active)), active)
        told = self._scores(tuple(output[rows] for output in outputs))
        told[~self._view.step(supported(x, self._needs), rows)] = np.nan
        return _spread(told, rows, len(active), np.nan)

    def reset(self, stream: int | None = None) -> None:
        """See `StepModel.reset`."""
        for index in range(len(self._view)) if stream is None else (stream,):
            if self._runner is not None:
                self._runner.reset(index)
            self._view.reset(index)

    def close(self) -> None:
        """See `StepModel.close`."""
        if self._runner is not None:
            self._runner.close()
        self._runner = None
        self._view = self._no_view()

    @abstractmethod
    def _input(self, x: F32) -> F32:
        """What the network takes of joints `(R, 75, 4)` of some rows."""

    @abstractmethod
    def _scores(self, outputs: tuple[F32, ...]) -> F32:
        """`(R, K)` of the network's outputs of these rows, in the graph's order; a new array."""

    def _no_view(self) -> SteadyView:
        return SteadyView(len(self.labels), self.delay, 0)


def _spread(values: F32, rows: Rows, streams: int, fill: float = 0.0) -> F32:
    """Values of some rows as values of all streams."""
    if len(rows) == streams:
        return values
    spread = np.full((streams, *values.shape[1:]), fill, np.float32)
    spread[rows] = values
    return spread
