"""Clip models behind the step-model contract."""

from pathlib import Path

import numpy as np
from msgspec import Struct

from engine.backends import GraphRunner, RunGraph
from engine.errors import ModelError
from engine.imigue import from_holistic
from engine.person import PersonCalibration
from engine.poses import F32
from engine.step_graph import StepGraph
from plugins.recognizers.clip.metadata import CHANNELS, Activation, ServedBy
from plugins.recognizers.clip.model_file import LOGITS, read_clip_model
from plugins.recognizers.clip.windows import WindowRunner
from plugins.recognizers.step_recognizer import StepRecognizer


class ClipConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Options.

    Attributes:
        model: Path of an exported model. None is shipped: `python -m training export` makes one.
    """

    model: str = ""


class ClipRecognizer(StepRecognizer):
    """A model of clips, tick by tick, over the joints of iMiGUE.

    Args:
        config: Options.
        person: Not used: the network sees no person's own rest.
        run_graph: Runs the network.

    Raises:
        ModelError: No model is named, or it is missing, damaged, or not for this engine.
    """

    Config = ClipConfig

    def __init__(
        self, config: ClipConfig, person: PersonCalibration | None, run_graph: RunGraph
    ) -> None:
        if not config.model:
            raise ModelError(
                "the recogniser 'clip' needs a model: name the file that `python -m training "
                "export` wrote as `model` in [recognizer.options]"
            )
        file = read_clip_model(Path(config.model))
        metadata = file.metadata

        def run_windows(graph: StepGraph) -> GraphRunner:
            return WindowRunner(graph, run_graph, metadata.stride)

        super().__init__(
            file.graph,
            labels=tuple(each.label() for each in metadata.labels),
            delay=metadata.delay,
            receptive_field=metadata.receptive_field,
            rate_hz=metadata.rate_hz,
            operating_points=metadata.operating_points,
            run_graph=run_graph if metadata.served_by is ServedBy.STEPS else run_windows,
        )
        self._scale = np.float32(1.0 / metadata.temperature)
        self._activation = metadata.activation
        self._logits = [name for name, _ in file.graph.outputs].index(LOGITS)

    def _input(self, x: F32) -> F32:
        return from_holistic(x)[..., :CHANNELS]

    def _scores(self, outputs: tuple[F32, ...]) -> F32:
        logits = outputs[self._logits] * self._scale
        scores = sigmoid(logits) if self._activation is Activation.SIGMOID else softmax(logits)
        return scores[:, : len(self.labels)].copy()


def softmax(logits: F32) -> F32:
    """Over the last axis, float32."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


def sigmoid(logits: F32) -> F32:
    """Of each number, float32; no number is too large for it."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)), np.float32)
