"""What an engine that a device's compiler made depends on, so that none is used elsewhere."""

import hashlib
from functools import cached_property

import msgspec
from msgspec import Struct

FORMAT = 1
"""Of keys and of what lies beside a plan; goes up when either changes its meaning."""

NamedShapes = tuple[tuple[str, tuple[int, ...]], ...]

# What it means that a field differs, in the order in which it is worth telling.
_MEANING = {
    "gpu": "foreign GPU",
    "compute_capability": "foreign GPU",
    "multiprocessors": "foreign GPU",
    "system": "foreign operating system",
    "runtime": "wrong runtime",
    "runtime_version": "wrong runtime version",
    "driver": "wrong driver",
    "cuda_runtime": "wrong CUDA runtime",
    "precision": "other precision",
    "calibration": "other calibration",
    "options": "other builder options",
    "shapes": "other shapes",
    "model": "stale: other model",
    "streams": "other number of streams",
    "format": "other format",
}

_HASHES = {"model", "calibration"}


class EngineKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """Everything that decides whether a plan fits; two keys are equal only if all of it is.

    Attributes:
        model: SHA-256 of the ONNX file, hex.
        streams: How many it was built for (the rung).
        shapes: Inputs, then outputs, with their full shapes.
        precision: How numbers are represented, as far as the model leaves it open.
        calibration: SHA-256 of what ranges were taken from, if the builder takes them; empty if
            they lie in the model.
        gpu: Name of the device.
        compute_capability: As `9.0`.
        multiprocessors: Of the device; parts of one name differ.
        runtime: Package of the compiler.
        runtime_version: Its full version.
        cuda_runtime: Version of the CUDA runtime.
        driver: Version of the driver.
        options: Options of the builder, by name.
        system: Operating system and architecture.
        format: See `FORMAT`.
    """

    model: str
    streams: int
    shapes: NamedShapes
    precision: str
    calibration: str = ""
    gpu: str
    compute_capability: str
    multiprocessors: int
    runtime: str
    runtime_version: str
    cuda_runtime: str
    driver: str
    options: tuple[tuple[str, str], ...]
    system: str
    format: int = FORMAT

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all of it, hex: names the files."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()

    def differing(self, other: "EngineKey") -> list[str]:
        """Fields that are not equal, the most telling first."""
        return [name for name in _MEANING if getattr(self, name) != getattr(other, name)]

    def why_not(self, other: "EngineKey") -> str:
        """What keeps a plan of `other` from being used for this, as words with both values.

        Raises:
            ValueError: Nothing does.
        """
        differing = self.differing(other)
        if not differing:
            raise ValueError("the keys are equal")
        field = differing[0]
        return (
            f"{_MEANING[field]}: the engine at hand was built for {_told(other, field)}, "
            f"needed is {_told(self, field)}"
        )


def _told(key: EngineKey, field: str) -> str:
    value = getattr(key, field)
    if field in {"gpu", "system", "runtime"}:
        return str(value)
    return f"{field.replace('_', ' ')} {value[:16] if field in _HASHES else value}"
