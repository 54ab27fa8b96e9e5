"""A trained network out of its run folder."""

import torch

from training.fitting.run_folder import RunFolder
from training.network.network import StepNetwork
from training.runs.weights import load_weights


def load_network(folder: RunFolder, device: torch.device) -> StepNetwork:
    """The network with its final weights, in evaluation mode.

    Args:
        folder: Of a finished run.
        device: Where to put it.

    Raises:
        ConfigError: The run is not finished, or its weights are not those of its network.
    """
    network = StepNetwork(folder.config().network)
    load_weights(network, folder.weights)
    return network.to(device).eval()
