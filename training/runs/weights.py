"""Trained weights out of a run's folder."""

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from engine.errors import ConfigError


def load_weights(network: nn.Module, path: Path) -> None:
    """Put the final weights of a run into its network.

    Args:
        network: Of the run's configuration.
        path: What `RunFiles.write_weights` wrote.

    Raises:
        ConfigError: The run is not finished, or its weights are not those of its network.
    """
    try:
        network.load_state_dict(read_weights(path))
    except RuntimeError as error:
        raise ConfigError(f"{path}: is of another network: {error}") from error


def weights_digest(state: Mapping[str, Tensor]) -> str:
    """SHA-256 of weights, whatever file they lie in."""
    found = hashlib.sha256()
    for name, value in sorted(state.items()):
        array = np.ascontiguousarray(value.detach().cpu().numpy())
        found.update(f"{name} {array.dtype.str} {array.shape}".encode())
        found.update(array.data)
    return found.hexdigest()


def read_weights(path: Path) -> dict[str, Tensor]:
    """The final weights of a run by their names.

    Args:
        path: What `RunFiles.write_weights` wrote.

    Raises:
        ConfigError: The run is not finished, or the file is damaged.
    """
    if not path.is_file():
        raise ConfigError(
            f"{path}: no weights there; finish the run with "
            f"`python -m training train --run {path.parent} --resume`"
        )
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return {name: torch.from_numpy(array) for name, array in stored.items()}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise ConfigError(f"{path}: no weights that can be read: {error}") from error
