"""A model file: the network it holds and what it says about itself, checked."""

from dataclasses import dataclass
from pathlib import Path

from engine.skeletons import IMIGUE_22
from engine.step_graph import INPUT, StepGraph
from plugins.recognizers.graph.metadata import ModelMetadata, decode
from plugins.recognizers.step_model_file import open_step_model

CLASS_LOGITS, GROUP_LOGITS = "class_logits", "group_logits"


@dataclass(frozen=True)
class ModelFile:
    """A model that can be served.

    Attributes:
        graph: Its network.
        metadata: What the file says about itself.
    """

    graph: StepGraph
    metadata: ModelMetadata

    @property
    def model_hash(self) -> str:
        """First 16 hex digits of the SHA-256 of the file."""
        return self.graph.digest[:16]


def read_model(path: Path) -> ModelFile:
    """Read and check a model file; nothing is run.

    Raises:
        ModelError: It is missing, damaged, not ours, or not for this engine.
    """
    file = open_step_model(path)
    metadata = decode(file.properties, file.name)
    expected = {
        INPUT: (len(metadata.channels), len(IMIGUE_22)),
        CLASS_LOGITS: (len(metadata.labels) + 1,),
        GROUP_LOGITS: (len(metadata.groups),),
    }
    return ModelFile(file.graph(expected, metadata.receptive_field), metadata)
