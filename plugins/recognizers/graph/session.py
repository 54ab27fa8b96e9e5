"""A model file opened in the network runtime: one thread, checked, nothing run yet."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import onnxruntime as ort

from engine.errors import ModelError
from engine.skeletons import IMIGUE_22
from plugins.recognizers.graph.metadata import ModelMetadata, decode

OUTPUTS = ("class_logits", "group_logits")
_STATE, _NEXT = "state_", "next_state_"


@dataclass(frozen=True)
class OpenModel:
    """A model that can be run.

    Attributes:
        session: The runtime's session; takes one stream a run.
        metadata: What the file says about itself.
        model_hash: First 16 hex digits of the SHA-256 of the file.
        states: Name and shape of each state input; the output has `next_` before the name.
    """

    session: ort.InferenceSession
    metadata: ModelMetadata
    model_hash: str
    states: tuple[tuple[str, tuple[int, ...]], ...]


def open_model(path: Path) -> OpenModel:
    """Open and check a model file.

    Raises:
        ModelError: It is missing, damaged, not ours, or not for this engine.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: the model cannot be read: {error.strerror}") from error
    try:
        session = ort.InferenceSession(
            content, session_options(), providers=["CPUExecutionProvider"]
        )
        properties = session.get_modelmeta().custom_metadata_map
    except Exception as error:  # the runtime has no common error class
        raise ModelError(f"{path}: is no network that can be run: {error}") from error
    metadata = decode(properties, str(path))
    states = _states(session, metadata, path)
    return OpenModel(session, metadata, hashlib.sha256(content).hexdigest()[:16], states)


def session_options() -> ort.SessionOptions:
    """How the runtime is used: one thread that sleeps when idle, as other stages need cores."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options


def _states(
    session: ort.InferenceSession, metadata: ModelMetadata, path: Path
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The state inputs, after checking that the network is what the metadata says.

    Raises:
        ModelError: It is not.
    """
    inputs = {node.name: tuple(node.shape) for node in session.get_inputs()}
    outputs = {node.name: tuple(node.shape) for node in session.get_outputs()}
    states = {name: shape for name, shape in inputs.items() if name.startswith(_STATE)}
    after = {name: shape for name, shape in outputs.items() if name.startswith(_NEXT)}
    expected = {
        "x": (1, len(metadata.channels), len(IMIGUE_22)),
        "class_logits": (1, len(metadata.labels) + 1),
        "group_logits": (1, len(metadata.groups)),
    }
    found = {name: (inputs | outputs).get(name) for name in expected}
    paired = {f"next_{name}": shape for name, shape in states.items()} == after
    if found != expected or not paired:
        raise ModelError(
            f"{path}: its network does not fit its metadata: expected {expected} and a next "
            f"state for each state, got {found}; export it again"
        )
    return tuple(states.items())
