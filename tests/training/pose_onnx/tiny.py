"""Networks of one or a few operators, as `.tflite` files made by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from mediapipe.tasks.metadata import schema_py_generated as schema

from training.pose_onnx.graph import Array

TYPES = {
    "float32": schema.TensorType.FLOAT32,
    "float16": schema.TensorType.FLOAT16,
    "int32": schema.TensorType.INT32,
    "int8": schema.TensorType.INT8,
}


class Tiny:
    """A network that grows operator by operator."""

    def __init__(self) -> None:
        self._model = schema.ModelT()
        self._model.version = 3
        self._model.buffers = [schema.BufferT()]
        self._model.operatorCodes = []
        self._graph = schema.SubGraphT()
        self._graph.tensors, self._graph.operators = [], []
        self._graph.inputs, self._graph.outputs = [], []
        self._model.subgraphs = [self._graph]

    def flowing(self, *shape: int) -> int:
        """A tensor that some operator, or nobody, gives."""
        return self._tensor(shape, "float32", 0)

    def picture(self, *shape: int) -> int:
        """An input."""
        place = self.flowing(*shape)
        self._graph.inputs.append(place)
        return place

    def constant(self, data: Any, sparsity: Any = None, shape: Sequence[int] = ()) -> int:
        """A tensor whose data is in the file, in another shape than it has if it is sparse."""
        array = np.asarray(data)
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(array.tobytes(), np.uint8)
        self._model.buffers.append(buffer)
        place = self._tensor(shape or array.shape, str(array.dtype), len(self._model.buffers) - 1)
        self._graph.tensors[place].sparsity = sparsity
        return place

    def operator(
        self, kind: str, inputs: Sequence[int], output: int, options: str = "", **values: Any
    ) -> int:
        """An operator of one output, with options of that class in the schema."""
        code = schema.OperatorCodeT()
        code.builtinCode = getattr(schema.BuiltinOperator, kind)
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        code.version = 1
        self._model.operatorCodes.append(code)
        made = schema.OperatorT()
        made.opcodeIndex = len(self._model.operatorCodes) - 1
        made.inputs, made.outputs = [*inputs], [output]
        if options:
            made.builtinOptionsType = getattr(schema.BuiltinOptions, options)
            made.builtinOptions = getattr(schema, f"{options}T")()
            for name, value in values.items():
                assert hasattr(made.builtinOptions, name)
                setattr(made.builtinOptions, name, value)
        self._graph.operators.append(made)
        return output

    def write(self, path: Path, *outputs: int) -> Path:
        """The file."""
        self._graph.outputs = [*outputs]
        builder = flatbuffers.Builder(1024)
        builder.Finish(self._model.Pack(builder), file_identifier=b"TFL3")
        path.write_bytes(bytes(builder.Output()))
        return path

    def _tensor(self, shape: Sequence[int], type_name: str, buffer: int) -> int:
        tensor = schema.TensorT()
        tensor.name = f"tensor{len(self._graph.tensors)}"
        tensor.shape, tensor.type, tensor.buffer = [*shape], TYPES[type_name], buffer
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1


def weights(*shape: int, seed: int = 0) -> Array:
    """Reproducible ones around zero."""
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
