"""Reads `.tflite` files, with the readers that mediapipe's wheel has for their schema."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import ModelError
from training.pose_onnx.graph import Array, Graph, Operator, Tensor
from training.pose_onnx.sparse import Compressed, Dense, Level, densified

_IDENTIFIER = slice(4, 8)
_TYPES = {"FLOAT32": "<f4", "FLOAT16": "<f2", "INT32": "<i4"}


def read_graph(path: Path) -> Graph:
    """Read a network; nothing is run.

    Args:
        path: Of a `.tflite` file.

    Raises:
        ModelError: It is missing, damaged, or has parts that no network of mediapipe has.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: the network cannot be read: {error.strerror}") from error
    if content[_IDENTIFIER] != b"TFL3":
        raise ModelError(f"{path}: expected a .tflite file (TFL3), got {content[_IDENTIFIER]!r}")
    try:
        model = _schema().ModelT.InitFromObj(_schema().Model.GetRootAs(content, 0))
        return _Reader(model, str(path)).graph(hashlib.sha256(content).hexdigest())
    except ModelError:
        raise
    # The readers check nothing: what a damaged file raises is a matter of where the damage is.
    except Exception as error:
        raise ModelError(
            f"{path}: is truncated or damaged ({error}); reinstall mediapipe"
        ) from error


@cache
def _schema() -> Any:
    """Imports all of mediapipe: it takes more than a second."""
    from mediapipe.tasks.metadata import schema_py_generated

    return schema_py_generated


def _names(kinds: Any) -> dict[int, str]:
    """Of an enumeration in the schema."""
    return {number: name for name, number in vars(kinds).items() if not name.startswith("_")}


class _Reader:
    """Takes a file apart whose flatbuffer was unpacked.

    Args:
        model: The schema's `ModelT`.
        name: Of the file.
    """

    def __init__(self, model: Any, name: str) -> None:
        self._model = model
        self._name = name
        self._kinds = _names(_schema().BuiltinOperator)
        self._types = _names(_schema().TensorType)

    def graph(self, digest: str) -> Graph:
        """All of it."""
        if len(self._model.subgraphs) != 1:
            raise self._strange("networks in one file", 1, len(self._model.subgraphs))
        (graph,) = self._model.subgraphs
        return Graph(
            name=self._name,
            digest=digest,
            tensors=tuple(self._tensor(tensor) for tensor in graph.tensors),
            operators=tuple(self._operator(operator) for operator in graph.operators),
            inputs=self._places(graph.inputs),
            outputs=self._places(graph.outputs),
        )

    def _places(self, places: Any) -> tuple[int, ...]:
        """Of tensors; -1 is an input that was left out."""
        count = len(self._model.subgraphs[0].tensors)
        if not all(-1 <= place < count for place in places):
            raise ValueError(f"{count} tensors, but one in {[*places]} is used")
        return tuple(map(int, places))

    def _operator(self, operator: Any) -> Operator:
        code = self._model.operatorCodes[operator.opcodeIndex]
        # Old files have the second, whose type ends at 127.
        kind = self._kinds[max(code.builtinCode, code.deprecatedBuiltinCode)]
        if kind == "CUSTOM":
            raise self._strange("operators", "TensorFlow Lite's own", code.customCode.decode())
        return Operator(
            kind=kind,
            inputs=self._places(operator.inputs),
            outputs=self._places(operator.outputs),
            options=dict(vars(operator.builtinOptions)) if operator.builtinOptions else {},
        )

    def _tensor(self, tensor: Any) -> Tensor:
        name = tensor.name.decode()
        shape = () if tensor.shape is None else tuple(map(int, tensor.shape))
        type_name = self._types[tensor.type]
        if type_name not in _TYPES:
            raise self._strange(f"type of '{name}'", ", ".join(_TYPES), type_name)
        content = self._model.buffers[tensor.buffer].data
        if content is None or not len(content):
            return Tensor(name, shape)
        values = np.asarray(content, np.uint8).view(_TYPES[type_name])
        return Tensor(name, shape, self._whole(values, shape, tensor.sparsity, name))

    def _whole(self, values: Array, shape: tuple[int, ...], sparsity: Any, name: str) -> Array:
        if sparsity is None:
            return values.reshape(shape)
        if sparsity.blockMap is not None and len(sparsity.blockMap):
            raise self._strange(f"encoding of '{name}'", "single values", "blocks")
        order = [int(axis) for axis in sparsity.traversalOrder]
        return densified(values, shape, order, [_level(level) for level in sparsity.dimMetadata])

    def _strange(self, what: str, expected: object, got: object) -> ModelError:
        return ModelError(
            f"{self._name}: {what}: expected {expected}, got {got}; only the networks of "
            "mediapipe 0.10.21 can be converted"
        )


def _level(level: Any) -> Level:
    if level.format == _schema().DimensionType.DENSE:
        return Dense(int(level.denseSize))
    segments, indices = (
        np.asarray(vector.values).astype(np.int64)
        for vector in (level.arraySegments, level.arrayIndices)
    )
    return Compressed(segments, indices)
