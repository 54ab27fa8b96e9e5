"""Where a run can go on after any epoch."""

from pathlib import Path
from typing import Any, TypeVar

import torch

from engine.errors import ConfigError, UsageError

CheckpointT = TypeVar("CheckpointT")


def write_checkpoint(path: Path, checkpoint: Any) -> None:
    """Write it in one piece: a run killed meanwhile keeps the one before.

    Args:
        path: Where to.
        checkpoint: A dataclass of tensors, numbers and words, and of lists and dicts of them.

    Raises:
        UsageError: It cannot be written.
    """
    partial = path.with_suffix(".partial")
    try:
        torch.save(vars(checkpoint), partial)
        partial.replace(path)
    except (OSError, RuntimeError) as error:  # torch reports a full disk as RuntimeError
        raise UsageError(f"{path}: cannot be written: {error}") from error


def read_checkpoint(path: Path, kind: type[CheckpointT]) -> CheckpointT:
    """Read what `write_checkpoint` wrote; nothing in the file is executed.

    Args:
        path: The file.
        kind: The dataclass.

    Raises:
        ConfigError: It is missing or damaged.
    """
    if not path.is_file():
        raise ConfigError(f"{path}: no checkpoint there; start the run without --resume")
    try:
        return kind(**torch.load(path, map_location="cpu", weights_only=True))
    except Exception as error:  # torch names no class for a damaged file
        raise ConfigError(f"{path}: no checkpoint that can be read: {error}") from error
