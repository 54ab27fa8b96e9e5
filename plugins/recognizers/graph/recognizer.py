"""The learned recogniser behind the step-model contract."""

from pathlib import Path

from msgspec import Struct

from engine.backends import RunGraph
from engine.labels import BY_ID
from engine.person import PersonCalibration
from engine.poses import F32
from plugins.recognizers.graph.fusion import fusion_of
from plugins.recognizers.graph.model_file import CLASS_LOGITS, GROUP_LOGITS, read_model
from plugins.recognizers.graph.relations import CHANNELS, relations
from plugins.recognizers.step_recognizer import StepRecognizer

SHIPPED_MODEL = Path(__file__).parent / "models" / "default.onnx"


class GraphConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Options.

    Attributes:
        model: Path of an exported model; empty for the shipped one.
    """

    model: str = ""


class GraphRecognizer(StepRecognizer):
    """A causal graph network; keeps the state of each stream and runs one tick at a time.

    A score is the belief in the class at the tick it describes, see `fusion`; NaN where the view
    does not support the class.

    Args:
        config: Options.
        person: Not used: the network sees no person's own rest.
        run_graph: Runs the network.

    Raises:
        ModelError: The model is missing, damaged, or not for this engine.
    """

    Config = GraphConfig

    def __init__(
        self, config: GraphConfig, person: PersonCalibration | None, run_graph: RunGraph
    ) -> None:
        model = read_model(Path(config.model) if config.model else SHIPPED_MODEL)
        metadata = model.metadata
        super().__init__(
            model.graph,
            labels=tuple(BY_ID[label] for label in metadata.covered),
            delay=metadata.delay,
            receptive_field=metadata.receptive_field,
            rate_hz=metadata.rate_hz,
            operating_points=metadata.operating_points,
            run_graph=run_graph,
        )
        self._columns = [metadata.labels.index(label) for label in metadata.covered]
        self._channels = [CHANNELS.index(name) for name in metadata.channels]
        self._fuse = fusion_of(metadata)
        names = [name for name, _ in model.graph.outputs]
        self._heads = names.index(CLASS_LOGITS), names.index(GROUP_LOGITS)

    def _input(self, x: F32) -> F32:
        return relations(x)[:, self._channels]

    def _scores(self, outputs: tuple[F32, ...]) -> F32:
        return self._fuse(*(outputs[head] for head in self._heads))[:, self._columns]
