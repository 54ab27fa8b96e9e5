"""The learned recogniser behind the step-model contract."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from msgspec import Struct

from engine.config import ClassDecoderConfig
from engine.errors import ModelError
from engine.person import PersonCalibration
from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from plugins.recognizers.graph.fusion import fusion_of
from plugins.recognizers.graph.memory import StreamMemory
from plugins.recognizers.graph.relations import CHANNELS, relations
from plugins.recognizers.graph.session import open_model
from plugins.recognizers.graph.view import Bools, SteadyView, needs_of, supported

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

    Raises:
        ModelError: The model is missing, damaged, or not for this engine.
    """

    Config = GraphConfig
    skeleton = HOLISTIC_75.name

    def __init__(self, config: GraphConfig, person: PersonCalibration | None) -> None:
        self._model = open_model(Path(config.model) if config.model else SHIPPED_MODEL)
        metadata = self._model.metadata
        self.labels = metadata.covered
        self._columns = [metadata.labels.index(label) for label in metadata.covered]
        self.rate_hz = metadata.rate_hz
        self.receptive_field = metadata.receptive_field
        self.delay = metadata.delay
        self.model_hash = self._model.model_hash
        self.operating_points: Mapping[str, ClassDecoderConfig] = metadata.operating_points
        self._channels = [CHANNELS.index(name) for name in metadata.channels]
        self._needs = needs_of(metadata.covered)
        self._fuse = fusion_of(metadata)
        self._streams: list[StreamMemory] = []
        self._views: list[SteadyView] = []

    def warm_up(self) -> None:
        """See `StepModel.warm_up`."""
        self.step(np.zeros((1, len(HOLISTIC_75), 4), np.float32))
        self.close()

    def step(self, x: F32) -> F32:
        """See `StepModel.step`. The first call fixes the number of streams.

        Raises:
            ModelError: The shape is not `(S, 75, 4)`, or S changed.
        """
        if x.ndim != 3 or x.shape[1:] != (len(HOLISTIC_75), 4):
            raise ModelError(f"the graph recogniser expects joints (S, 75, 4), got {x.shape}")
        if not self._streams:
            self._streams = [StreamMemory(self._model) for _ in range(len(x))]
            self._views = [self._no_view() for _ in range(len(x))]
        if len(x) != len(self._streams):
            raise ModelError(f"expected {len(self._streams)} streams as before, got {len(x)}")
        features = relations(x)[:, self._channels]
        scores = np.empty((len(x), len(self.labels)), np.float32)
        for stream, row, into in zip(self._streams, features, scores, strict=True):
            into[:] = self._fuse(*stream.step(row))[self._columns]
        scores[~self._view(x)] = np.nan
        return scores

    def reset(self, stream: int | None = None) -> None:
        """See `StepModel.reset`."""
        for index in range(len(self._streams)) if stream is None else (stream,):
            self._streams[index].reset()
            self._views[index] = self._no_view()

    def close(self) -> None:
        """See `StepModel.close`."""
        self._streams = []
        self._views = []

    def _view(self, x: F32) -> Bools:
        """`(S, K)`: which classes the view supported at the tick that the scores describe."""
        now = supported(x, self._needs)
        return np.stack([view.step(own) for view, own in zip(self._views, now, strict=True)])

    def _no_view(self) -> SteadyView:
        return SteadyView(len(self.labels), self.delay)
