"""Files of measured values that ship with the code."""

from pathlib import Path
from typing import TypeVar

import msgspec

from engine.errors import UsageError

FitT = TypeVar("FitT", bound=msgspec.Struct)


def read_fit(path: Path, kind: type[FitT]) -> FitT:
    """Read a fit.

    Args:
        path: JSON.
        kind: What it must be.

    Raises:
        UsageError: The file is missing or not what it must be.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError) as error:
        raise UsageError(f"{path}: not a fit of the kind {kind.__module__}: {error}") from error


def write_fit(path: Path, fit: msgspec.Struct) -> None:
    """Write a fit so that people can read it.

    Raises:
        UsageError: It cannot be written.
    """
    try:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(fit), indent=2) + b"\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
