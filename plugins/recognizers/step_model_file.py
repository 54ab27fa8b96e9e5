"""Model files of all kinds: the network that one holds, looked at without running it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import onnxruntime as ort

from engine.errors import ModelError
from engine.onnx_file import properties
from engine.step_graph import INPUT, NEXT, STATE, STREAMS, StepGraph
from engine.variant import Variant
from engine.variant import decode as decode_variant
from plugins.backends.bfloat16 import runnable

Shape = tuple[int, ...]


@dataclass(frozen=True)
class StepModelFile:
    """What is in a file.

    Attributes:
        name: For messages: where it lies.
        content: The file's bytes.
        properties: Its metadata properties.
        variant: What it says about itself if it is in another precision than float32.
        inputs: Name to shape of one stream's row, of those whose first axis is free.
        outputs: The same.
    """

    name: str
    content: bytes
    properties: Mapping[str, str]
    variant: Variant | None
    inputs: Mapping[str, Shape]
    outputs: Mapping[str, Shape]

    def graph(self, expected: Mapping[str, Shape], receptive_field: int) -> StepGraph:
        """The network, if it is what its metadata says.

        Args:
            expected: Shape of one stream's row of the input and of each output that is wanted.
            receptive_field: Ticks that can influence one output.

        Raises:
            ModelError: It is not.
        """
        self._check(expected)
        inputs = dict(self.inputs)
        return StepGraph(
            name=self.name,
            onnx=self.content,
            row=inputs.pop(INPUT),
            outputs=tuple((n, row) for n, row in self.outputs.items() if not n.startswith(NEXT)),
            states=tuple(inputs.items()),
            receptive_field=receptive_field,
            variant=self.variant,
        )

    def _check(self, expected: Mapping[str, Shape]) -> None:
        both = {**self.inputs, **self.outputs}
        found = {name: both.get(name) for name in expected}
        states = {NEXT + n: row for n, row in self.inputs.items() if n.startswith(STATE)}
        after = {name: row for name, row in self.outputs.items() if name.startswith(NEXT)}
        if found != expected or states != after or len(self.inputs) != len(states) + 1:
            raise ModelError(
                f"{self.name}: its network does not fit its metadata: expected a first axis called "
                f"'{STREAMS}', then {dict(expected)} and a next state for each state; got {found}; "
                "export it again with this version"
            )


def open_step_model(path: Path) -> StepModelFile:
    """Read a model file and look at its network; nothing is run.

    Raises:
        ModelError: It is missing, damaged, or no network.
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
    return StepModelFile(
        name=str(path),
        content=content,
        properties=told,
        variant=variant,
        inputs=_rows(session.get_inputs()),
        outputs=_rows(session.get_outputs()),
    )


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


def _rows(nodes: list[ort.NodeArg]) -> dict[str, Shape]:
    """Names and shapes of a stream's rows; a node whose first axis is not free is not of ours."""
    return {n.name: tuple(n.shape[1:]) for n in nodes if n.shape and n.shape[0] == STREAMS}
