"""The geometric recogniser behind the step-model contract."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from engine.backends import BackendStatus, RunGraph
from engine.config import ClassDecoderConfig
from engine.errors import ModelError
from engine.person import PersonCalibration
from engine.poses import F32, Bools
from engine.skeletons import HOLISTIC_75
from plugins.recognizers.geometric.coverage import COVERED_LABELS
from plugins.recognizers.geometric.filters import RATE_HZ, ticks
from plugins.recognizers.geometric.stream import StreamState

_CHANNELS = 4


class GeometricConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Options.

    Attributes:
        rest_window_s: The resting pose is what is usual over so long, unless a calibration of
            the person gives it. A pose held for half of it becomes the new rest.
        rest_ready_s: Valid pose needed before there is a resting pose; until then classes that
            compare with it (sunk neck, head up) score 0.
    """

    rest_window_s: Annotated[float, Meta(ge=2, le=600)] = 30.0
    rest_ready_s: Annotated[float, Meta(ge=0.2, le=60)] = 5.0


class GeometricRecognizer:
    """Zones of the body, joint geometry and the person's own rest; no training, no weights.

    Causal without look-ahead, deterministic, one state a stream. A score is the belief in the
    class at this tick, 0.5 at the boundary. What it covers, and how surely, is the table in
    `coverage`; the rules and their reasons stand with the code that uses them.

    Args:
        config: Options.
        person: Calibration of the person in view; gives the resting pose from the first tick.
        run_graph: Not used: there is no network.
    """

    Config = GeometricConfig
    skeleton = HOLISTIC_75.name
    labels = COVERED_LABELS
    rate_hz = RATE_HZ
    delay = 0
    backend = BackendStatus()
    late = None
    operating_points: Mapping[str, ClassDecoderConfig] = MappingProxyType({})

    def __init__(
        self,
        config: GeometricConfig,
        person: PersonCalibration | None,
        run_graph: RunGraph | None = None,
    ) -> None:
        self._config = config
        self._person = person
        # Everything but the quantiles fades within a second or two.
        self.receptive_field = ticks(config.rest_window_s)
        self.model_hash = _rules_hash(config)
        self.precision = ""
        self._streams: list[StreamState] = []

    def warm_up(self) -> None:
        """See `StepModel.warm_up`."""
        streams = max(1, len(self._streams))
        self.step(np.zeros((streams, len(HOLISTIC_75), _CHANNELS), np.float32))
        self.reset()

    def reserve(self, streams: int) -> None:
        """See `StepModel.reserve`."""
        self._streams += [self._fresh() for _ in range(streams - len(self._streams))]

    def step(self, x: F32, active: Bools | None = None) -> F32:
        """See `StepModel.step`.

        Depth is not used: it says too little where hand and face are close.

        Raises:
            ModelError: The shape is not `(S, 75, 4)`, or there are other rows than reserved.
        """
        if x.ndim != 3 or x.shape[1:] != (len(HOLISTIC_75), _CHANNELS):
            raise ModelError(f"the geometric recogniser expects joints (S, 75, 4), got {x.shape}")
        if len(x) > len(self._streams):
            self.reserve(len(x))
        if len(x) != len(self._streams):
            raise ModelError(f"expected {len(self._streams)} streams as before, got {len(x)}")
        scores = np.full((len(x), len(self.labels)), np.nan, np.float32)
        for row in range(len(x)) if active is None else np.flatnonzero(active).tolist():
            joints = x[row]
            places = (joints[:, 0] + 1j * joints[:, 1]).tolist()
            scores[row] = self._streams[row].step(places, joints[:, 2].tolist())
        return scores

    def reset(self, stream: int | None = None) -> None:
        """See `StepModel.reset`."""
        which = range(len(self._streams)) if stream is None else (stream,)
        for index in which:
            self._streams[index] = self._fresh()

    def close(self) -> None:
        """See `StepModel.close`."""
        self._streams = []

    def _fresh(self) -> StreamState:
        config = self._config
        return StreamState(self._person, config.rest_window_s, config.rest_ready_s)


def _rules_hash(config: GeometricConfig) -> str:
    """Identity of the rules: their source text and the options."""
    digest = hashlib.sha256(repr(config).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]
