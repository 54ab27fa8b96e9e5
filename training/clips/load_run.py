"""A trained model of the zoo out of its run folder."""

from pathlib import Path

import msgspec
import torch
from msgspec import Struct

from training.clips.run_config import ClipRunConfig
from training.clips.run_folder import ClipRunFolder
from training.runs.weights import load_weights
from training.zoo.clip_model import ClipModel

_CPU = torch.device("cpu")


class _Named(Struct):
    model: str


def is_clip_run(path: Path) -> bool:
    """Whether a folder is a run of a model of the zoo: its configuration names one."""
    try:
        msgspec.json.decode(ClipRunFolder(path).config_file.read_bytes(), type=_Named)
    except (OSError, msgspec.DecodeError):
        return False
    return True


def load_clip_run(path: Path, device: torch.device = _CPU) -> tuple[ClipModel, ClipRunConfig]:
    """The model with its final weights, in evaluation mode, and how it was trained.

    Args:
        path: Folder of a finished run.
        device: Where to put it.

    Raises:
        ConfigError: There is no run of a model of the zoo, it is not finished, or its weights are
            not those of its model.
    """
    folder = ClipRunFolder(path)
    config = folder.config()
    with torch.random.fork_rng([]):  # its random weights are of no use to anybody
        model = config.built()
    load_weights(model, folder.weights)
    return model.to(device).eval(), config
