"""One operator of an ONNX file, with what the file says about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from engine.errors import ModelError

Constants = Mapping[str, npt.NDArray[np.generic]]
Attribute = int | float | str | tuple[int, ...]
ValueT = TypeVar("ValueT", int, float, str, tuple[int, ...])


@dataclass(frozen=True)
class Node:
    """An operator.

    Attributes:
        file: Name of the file, for messages.
        name: Of the node in the file, for messages.
        operator: Its type.
        inputs: Names of values; empty for one that is left out.
        outputs: Names of values.
        attributes: As in the file, those at their default left out.
        constants: Values of the file that never change, by name.
    """

    file: str
    name: str
    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Attribute]
    constants: Constants

    def given(self, position: int) -> bool:
        """Whether it has an input there."""
        return position < len(self.inputs) and bool(self.inputs[position])

    def integers(self, position: int) -> tuple[int, ...]:
        """A constant input as numbers; one number if it has no axis.

        Raises:
            ModelError: It is missing, or not constant: shapes could then differ between ticks.
        """
        value = self._constant(position)
        if not np.issubdtype(value.dtype, np.integer):
            raise self.refusal(f"input {position} is {value.dtype}, expected integers")
        return tuple(int(number) for number in value.reshape(-1))

    def is_scalar(self, position: int) -> bool:
        """Whether a constant input has no axis."""
        return self._constant(position).ndim == 0

    def is_zero(self, position: int) -> bool:
        """Whether a constant input is there and all zeros of eight bits with a sign."""
        if not self.given(position):
            return False
        value = self._constant(position)
        return value.dtype == np.int8 and not value.any()

    def number(self, position: int) -> float | None:
        """A constant input of one number; None if it is left out.

        Raises:
            ModelError: It is not constant, or more than one number.
        """
        if not self.given(position):
            return None
        value = self._constant(position)
        if value.size != 1:
            raise self.refusal(f"input {position} has {value.size} numbers, expected one")
        return float(value.reshape(-1)[0])

    def attribute(self, name: str, default: ValueT) -> ValueT:
        """An attribute, or `default` where the file leaves it out.

        Raises:
            ModelError: It is of another type than `default`.
        """
        value = self.attributes.get(name, default)
        if not isinstance(value, type(default)):
            raise self.refusal(f"'{name}' is {value!r}, expected a {type(default).__name__}")
        return value

    def refusal(self, why: str) -> ModelError:
        """The error that says that this one cannot be run here, and why."""
        return ModelError(
            f"{self.file}: {self.operator} '{self.name}' cannot be run by torch-cuda: {why}; "
            "run the file on the backend 'onnxruntime'"
        )

    def _constant(self, position: int) -> npt.NDArray[np.generic]:
        if not self.given(position):
            raise self.refusal(f"input {position} is missing")
        name = self.inputs[position]
        if name not in self.constants:
            raise self.refusal(f"input {position}, '{name}', is not a constant of the file")
        return self.constants[name]
