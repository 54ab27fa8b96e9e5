"""The file of a clip model: the network it holds and what it says about itself, checked."""

from dataclasses import dataclass
from pathlib import Path

from engine.step_graph import INPUT, StepGraph
from plugins.recognizers.clip.metadata import ClipMetadata, ServedBy, decode
from plugins.recognizers.step_model_file import open_step_model

LOGITS = "logits"


@dataclass(frozen=True)
class ClipFile:
    """A model that can be served.

    Attributes:
        graph: Its network. One that is served by a window remembers nothing: each of its inputs
            is a whole window.
        metadata: What the file says about itself.
    """

    graph: StepGraph
    metadata: ClipMetadata


def read_clip_model(path: Path) -> ClipFile:
    """Read and check a model file; nothing is run.

    Raises:
        ModelError: It is missing, damaged, not ours, or not for this engine.
    """
    file = open_step_model(path)
    metadata = decode(file.properties, file.name)
    expected = {INPUT: metadata.row, LOGITS: (metadata.outputs,)}
    remembers = metadata.served_by is ServedBy.STEPS
    graph = file.graph(expected, metadata.window if remembers else 1)
    return ClipFile(graph, metadata)
