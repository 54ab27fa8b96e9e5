"""The step form of a network as one ONNX file that the engine can serve."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import Tensor, nn

from engine.step_graph import INPUT, NEXT, STATE, STREAMS
from plugins.recognizers.graph.metadata import METADATA_KEY, ModelMetadata
from plugins.recognizers.model_metadata import encode
from training.network.network import StepNetwork
from training.network.skeleton import JOINT_COUNT

OPSET = 18
IR_VERSION = 9
"""Older runtimes read it; nothing here needs more."""

# Two, so that the exporter cannot take an axis of one for a constant.
_EXAMPLE_STREAMS = 2

OUTPUTS = ("class_logits", "group_logits", "bounds_logits")

OPERATORS = frozenset(
    {
        *("Add", "Clip", "Concat", "Conv", "Gather", "Gemm", "MatMul", "Mul", "Relu", "Reshape"),
        *("Pad", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze"),
    }
)
"""Nothing else may appear in a file: any runtime has these."""


class _StepForm(nn.Module):
    def __init__(self, network: StepNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor, *state: Tensor) -> tuple[Tensor, ...]:
        outputs, after = self.network.step(x, state)
        return (*outputs, *after)


class _WindowForm(nn.Module):
    def __init__(self, network: StepNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        return tuple(logits[:, -1] for logits in self.network(x))


def export_step(network: StepNetwork, metadata: ModelMetadata, path: Path) -> None:
    """Write the step form: inputs `x` and `state_0`..., outputs the logits and `next_state_0`...

    The first axis of each is `STREAMS`, free: whoever runs the file fixes it. The same weights and
    metadata give the same bytes.

    Args:
        network: Trained; it is not changed.
        metadata: What the file will say about itself.
        path: Where to.

    Raises:
        ValueError: The metadata is of another network, or the file is not what it must be.
    """
    _check_metadata(network, metadata)
    folded = network.folded().cpu()
    state = folded.initial_state(_EXAMPLE_STREAMS)
    x = torch.zeros(_EXAMPLE_STREAMS, len(network.config.channels), JOINT_COUNT)
    states = [f"{STATE}{i}" for i in range(len(state))]
    inputs, outputs = [INPUT, *states], [*OUTPUTS, *(NEXT + name for name in states)]
    free = {0: torch.export.Dim(STREAMS, min=1)}
    model = translated(
        _StepForm(folded), (x, *state), inputs, outputs, (free, tuple(free for _ in state))
    )
    _write(model, {METADATA_KEY: encode(metadata)}, path)


def export_window(network: StepNetwork, path: Path, ticks: int | None = None) -> None:
    """Write the clip form over a fixed window: `x` `(1, C, ticks, 22)` to the last tick's logits.

    What an engine without a memory would have to run on every tick; for comparisons.

    Args:
        network: Trained; it is not changed.
        path: Where to.
        ticks: Length of the window; by default the receptive field.
    """
    folded = network.folded().cpu()
    length = ticks or network.config.receptive_field
    x = torch.zeros(1, len(network.config.channels), length, JOINT_COUNT)
    _write(translated(_WindowForm(folded), (x,), ["x"], list(OUTPUTS)), {}, path)


def _check_metadata(network: StepNetwork, metadata: ModelMetadata) -> None:
    config = network.config
    said = (metadata.channels, metadata.receptive_field, metadata.delay)
    true = (config.channels, config.receptive_field, config.delay)
    if said != true:
        raise ValueError(f"the metadata says {said}, the network is {true}")


def translated(
    form: nn.Module,
    example: tuple[Tensor, ...],
    inputs: list[str],
    outputs: list[str],
    dynamic_shapes: tuple[Any, ...] | None = None,
) -> onnx.ModelProto:
    """A module as the exporter writes it.

    Args:
        form: It is put into evaluation.
        example: Its arguments; their shapes are fixed where nothing else is said.
        inputs: Names, in order.
        outputs: Names, in order.
        dynamic_shapes: Which axes of which argument are free.
    """
    with _quiet():
        program = torch.onnx.export(
            form.eval(),
            example,
            dynamo=True,
            opset_version=OPSET,
            input_names=inputs,
            output_names=outputs,
            dynamic_shapes=dynamic_shapes,
            verbose=False,
        )
    assert program is not None
    model = onnx.ModelProto()
    model.CopyFrom(program.model_proto)
    return model


def _write(model: onnx.ModelProto, properties: dict[str, str], path: Path) -> None:
    """See `write_bare`; with plain operators only."""
    strange = {node.op_type for node in model.graph.node} - OPERATORS
    if strange or model.functions:
        raise ValueError(f"the exporter used operators that are not plain: {sorted(strange)}")
    write_bare(model, properties, path)


def write_bare(model: onnx.ModelProto, properties: dict[str, str], path: Path) -> None:
    """Write a model without a trace of the machine that exported it, checked.

    Args:
        model: It is changed.
        properties: What the file will say about itself.
        path: Where to.

    Raises:
        OSError: It cannot be written.
    """
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, properties)
    model.ir_version = IR_VERSION
    model.producer_name, model.producer_version, model.doc_string = "fidget", "", ""
    graph = model.graph
    graph.name, graph.doc_string = "network", ""
    for named in (*graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer):
        named.doc_string = ""
        del named.metadata_props[:]
    del graph.metadata_props[:], graph.value_info[:]
    onnx.checker.check_model(model, full_check=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString(deterministic=True))


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter warns about its own internals, which no user can act on."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
