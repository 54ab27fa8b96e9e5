"""A trained network out of its run folder."""

import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from engine.errors import ConfigError
from training.fitting.run_folder import RunFolder
from training.network.network import StepNetwork


def load_network(folder: RunFolder, device: torch.device) -> StepNetwork:
    """The network with its final weights, in evaluation mode.

    Args:
        folder: Of a finished run.
        device: Where to put it.

    Raises:
        ConfigError: The run is not finished, or its weights are not those of its network.
    """
    network = StepNetwork(folder.config().network)
    state = {name: torch.from_numpy(array) for name, array in _arrays(folder.weights).items()}
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise ConfigError(f"{folder.weights}: is of another network: {error}") from error
    return network.to(device).eval()


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
