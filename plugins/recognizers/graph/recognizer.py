"""The learned recogniser behind the step-model contract."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from msgspec import Struct

from engine.backends import BackendStatus, GraphRunner, RunGraph
from engine.config import ClassDecoderConfig
from engine.errors import ModelError
from engine.labels import BY_ID
from engine.person import PersonCalibration
from engine.poses import F32, Bools
from engine.skeletons import HOLISTIC_75
from plugins.recognizers.graph.fusion import fusion_of
from plugins.recognizers.graph.model_file import CLASS_LOGITS, GROUP_LOGITS, read_model
from plugins.recognizers.graph.relations import CHANNELS, relations
from plugins.recognizers.graph.view import Rows, SteadyView, needs_of, supported

SHIPPED_MODEL = Path(__file__).parent / "models" / "default.onnx"


class GraphConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Options.

    Attributes:
        model: Path of an exported model; empty for the shipped one.
    """

    model: str = ""


class GraphRecognizer:
    """A causal graph network; keeps the state of each stream and runs one tick at a time.

    A score is the belief in the class at the tick it describes, see `fusion`; NaN where the view
    does not support the class. Gap ticks are zeros to the network like any other.

    Args:
        config: Options.
        person: Not used: the network sees no person's own rest.
        run_graph: Runs the network.

    Raises:
        ModelError: The model is missing, damaged, or not for this engine.
    """

    Config = GraphConfig
    skeleton = HOLISTIC_75.name

    def __init__(
        self, config: GraphConfig, person: PersonCalibration | None, run_graph: RunGraph
    ) -> None:
        self._model = read_model(Path(config.model) if config.model else SHIPPED_MODEL)
        metadata = self._model.metadata
        self.labels = tuple(BY_ID[label] for label in metadata.covered)
        self._columns = [metadata.labels.index(label) for label in metadata.covered]
        self.rate_hz = metadata.rate_hz
        self.receptive_field = metadata.receptive_field
        self.delay = metadata.delay
        self.model_hash = self._model.model_hash
        self.precision = self._model.graph.precision
        self.operating_points: Mapping[str, ClassDecoderConfig] = metadata.operating_points
        self._channels = [CHANNELS.index(name) for name in metadata.channels]
        self._needs = needs_of(self.labels)
        self._fuse = fusion_of(metadata)
        names = [name for name, _ in self._model.graph.outputs]
        self._heads = names.index(CLASS_LOGITS), names.index(GROUP_LOGITS)
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
            self._runner = self._run_graph(self._model.graph)
        self._runner.reserve(streams)
        self._view.reserve(streams)

    def step(self, x: F32, active: Bools | None = None) -> F32:
        """See `StepModel.step`.

        Raises:
            ModelError: The shape is not `(S, 75, 4)`, or there are other rows than reserved.
        """
        if x.ndim != 3 or x.shape[1:] != (len(HOLISTIC_75), 4):
            raise ModelError(f"the graph recogniser expects joints (S, 75, 4), got {x.shape}")
        if len(x) > len(self._view):
            self.reserve(len(x))
        if self._runner is None or len(x) != len(self._view):
            raise ModelError(f"expected {len(self._view)} streams as before, got {len(x)}")
        if active is None:
            active = np.ones(len(x), np.bool_)
        rows = np.flatnonzero(active)
        x = x if len(rows) == len(x) else x[rows]
        outputs = self._runner.step(self._features(x, rows, len(active)), active)
        fused = self._fuse(*(outputs[head][rows] for head in self._heads))[:, self._columns]
        fused[~self._view.step(supported(x, self._needs), rows)] = np.nan
        if len(rows) == len(active):
            return fused
        scores = np.full((len(active), len(self.labels)), np.nan, np.float32)
        scores[rows] = fused
        return scores

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

    def _features(self, x: F32, rows: Rows, streams: int) -> F32:
        """The network's input for all streams, of those in `rows` only."""
        channels = relations(x)[:, self._channels]
        if len(rows) == streams:
            return channels
        features = np.zeros((streams, *channels.shape[1:]), np.float32)
        features[rows] = channels
        return features

    def _no_view(self) -> SteadyView:
        return SteadyView(len(self.labels), self.delay, 0)
