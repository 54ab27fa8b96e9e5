"""Where a run can go on after any epoch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine.errors import ConfigError, UsageError


@dataclass(frozen=True)
class Checkpoint:
    """All that changes during a run.

    Attributes:
        network: Its weights.
        average: State of the averaged weights.
        optimizer: Its state.
        epochs: Finished epochs.
        step: Finished steps.
        total_steps: Steps there will be.
    """

    network: dict[str, Tensor]
    average: dict[str, Tensor | int]
    optimizer: dict[str, Any]
    epochs: int
    step: int
    total_steps: int


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write it in one piece: a run killed meanwhile keeps the one before.

    Raises:
        UsageError: It cannot be written.
    """
    partial = path.with_suffix(".partial")
    try:
        torch.save(vars(checkpoint), partial)
        partial.replace(path)
    except (OSError, RuntimeError) as error:  # torch reports a full disk as RuntimeError
        raise UsageError(f"{path}: cannot be written: {error}") from error


def read_checkpoint(path: Path) -> Checkpoint:
    """Read what `write_checkpoint` wrote; nothing in the file is executed.

    Raises:
        ConfigError: It is missing or damaged.
    """
    if not path.is_file():
        raise ConfigError(f"{path}: no checkpoint there; start the run without --resume")
    try:
        return Checkpoint(**torch.load(path, map_location="cpu", weights_only=True))
    except Exception as error:  # torch names no class for a damaged file
        raise ConfigError(f"{path}: no checkpoint that can be read: {error}") from error
