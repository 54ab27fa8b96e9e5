"""Writes a calibration file."""

import contextlib
import os
import tempfile
from pathlib import Path

import msgspec

from engine.calibration_file import Sealed
from engine.errors import CalibrationError


def save(path: Path, content: Sealed) -> None:
    """Write a calibration file, whole or not at all, readable by its owner only.

    Args:
        path: Where to; an existing file is replaced.
        content: What to write.

    Raises:
        CalibrationError: The file cannot be written. What was there before is untouched.
    """
    data = msgspec.json.format(msgspec.json.encode(content), indent=2)
    try:
        _replace(path, data)
    except OSError as error:
        raise CalibrationError(
            f"{path}: cannot be written: {error.strerror}. Name a file in a folder that exists, "
            "that you may write to and that has room."
        ) from error


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
