"""A model file: the network it holds and what it says about itself, checked."""

from dataclasses import dataclass
from pathlib import Path

import onnxruntime as ort

from engine.errors import ModelError
from engine.onnx_file import properties
from engine.skeletons import IMIGUE_22
from engine.step_graph import INPUT, NEXT, STATE, STREAMS, StepGraph
from engine.variant import decode as decode_variant
from plugins.backends.bfloat16 import runnable
from plugins.recognizers.graph.metadata import ModelMetadata, decode

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
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: the model cannot be read: {error.strerror}") from error
    try:
        told = properties(content)
    except ValueError as error:
        raise ModelError(f"{path}: is no network that can be run: {error}") from error
    variant = decode_variant(told, str(path))
    precision = variant.precision if variant is not None else ""
    session = _opened(runnable(content, precision, str(path)), path)
    metadata = decode(told, str(path))
    inputs, outputs = _rows(session.get_inputs()), _rows(session.get_outputs())
    _check(inputs, outputs, metadata, path)
    graph = StepGraph(
        name=str(path),
        onnx=content,
        row=inputs.pop(INPUT),
        outputs=tuple((n, row) for n, row in outputs.items() if not n.startswith(NEXT)),
        states=tuple(inputs.items()),
        receptive_field=metadata.receptive_field,
        variant=variant,
    )
    return ModelFile(graph, metadata)


def _opened(content: bytes, path: Path) -> ort.InferenceSession:
    try:
        return ort.InferenceSession(content, _quick(), providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime has no common error class
        raise ModelError(f"{path}: is no network that can be run: {error}") from error


def _quick() -> ort.SessionOptions:
    """To look at a file, not to run it."""
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return options


def _rows(nodes: list[ort.NodeArg]) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a stream's rows; a node whose first axis is not free is not of ours."""
    return {n.name: tuple(n.shape[1:]) for n in nodes if n.shape and n.shape[0] == STREAMS}


def _check(
    inputs: dict[str, tuple[int, ...]],
    outputs: dict[str, tuple[int, ...]],
    metadata: ModelMetadata,
    path: Path,
) -> None:
    """Refuse a network that is not what the metadata says.

    Raises:
        ModelError: It is not.
    """
    expected = {
        INPUT: (len(metadata.channels), len(IMIGUE_22)),
        CLASS_LOGITS: (len(metadata.labels) + 1,),
        GROUP_LOGITS: (len(metadata.groups),),
    }
    found = {name: (inputs | outputs).get(name) for name in expected}
    states = {NEXT + name: row for name, row in inputs.items() if name.startswith(STATE)}
    after = {name: row for name, row in outputs.items() if name.startswith(NEXT)}
    if found != expected or states != after or len(inputs) != len(states) + 1:
        raise ModelError(
            f"{path}: its network does not fit its metadata: expected a first axis called "
            f"'{STREAMS}', then {expected} and a next state for each state; got {found}; "
            "export it again with this version"
        )
