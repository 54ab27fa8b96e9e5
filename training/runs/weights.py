"""Trained weights out of a run's folder."""

import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from engine.errors import ConfigError


def load_weights(network: nn.Module, path: Path) -> None:
    """Put the final weights of a run into its network.

    Args:
        network: Of the run's configuration.
        path: What `RunFiles.write_weights` wrote.

    Raises:
        ConfigError: The run is not finished, or its weights are not those of its network.
    """
    state = {name: torch.from_numpy(array) for name, array in _arrays(path).items()}
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise ConfigError(f"{path}: is of another network: {error}") from error


def _arrays(path: Path) -> dict[str, npt.NDArray[np.generic]]:
    if not path.is_file():
        raise ConfigError(
            f"{path}: no weights there; finish the run with "
            f"`python -m training train --run {path.parent} --resume`"
        )
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return dict(stored)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise ConfigError(f"{path}: no weights that can be read: {error}") from error
