"""A network as its `.tflite` file describes it, in plain types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy.typing as npt

from engine.errors import ModelError

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Tensor:
    """What flows between operators, or a constant.

    Attributes:
        name: In the file.
        shape: With 1 for the batch; pictures are NHWC.
        data: Of a constant, `shape`; None for what flows.
    """

    name: str
    shape: tuple[int, ...]
    data: Array | None = None


@dataclass(frozen=True)
class Operator:
    """One step of the computation.

    Attributes:
        kind: Its name in TensorFlow Lite, such as `CONV_2D`.
        inputs: Places in `Graph.tensors`.
        outputs: The same.
        options: Its own settings by their names in the schema.
    """

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Graph:
    """A network.

    Attributes:
        name: Of the file, for messages.
        digest: SHA-256 of the file, hex.
        tensors: All of them.
        operators: In an order in which they can run.
        inputs: Places in `tensors`.
        outputs: The same.
    """

    name: str
    digest: str
    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]

    def pruned(self, outputs: Sequence[int]) -> "Graph":
        """Only what these outputs need.

        Args:
            outputs: Places in `tensors`.
        """
        needed, kept = set(outputs), []
        for operator in reversed(self.operators):
            if needed.intersection(operator.outputs):
                needed.update(operator.inputs)
                kept.append(operator)
        return replace(self, operators=tuple(reversed(kept)), outputs=tuple(outputs))

    def folded(self) -> "Graph":
        """With weights as float32 constants instead of operators that unpack them.

        Raises:
            ModelError: Something else than a half-precision constant is unpacked.
        """
        tensors, kept = list(self.tensors), []
        for operator in self.operators:
            if operator.kind not in ("DEQUANTIZE", "DENSIFY"):
                kept.append(operator)
                continue
            packed, place = tensors[operator.inputs[0]], operator.outputs[0]
            # What is sparse was made dense when it was read.
            if packed.data is None or packed.data.dtype not in ("float16", "float32"):
                kind = "what flows" if packed.data is None else str(packed.data.dtype)
                raise ModelError(
                    f"{self.name}: {operator.kind} of '{packed.name}': expected a constant of "
                    f"float16 or float32, got {kind}; quantised networks cannot be converted"
                )
            tensors[place] = replace(tensors[place], data=packed.data.astype("float32"))
        return replace(self, tensors=tuple(tensors), operators=tuple(kept))
