"""The folder of an encoder and what lies in it."""

from pathlib import Path

import torch
from msgspec import Struct

from engine.errors import ConfigError
from training.pretraining.config import PretrainConfig
from training.pretraining.seen import Seen
from training.runs.run_files import RunFiles
from training.runs.weights import load_weights
from training.zoo.clip_model import ClipEncoder


class StreamInfo(Struct, frozen=True, kw_only=True):
    """What an encoder was learned from.

    Attributes:
        streams: How many.
        windows: How many of them it learned from.
        hours: Of these windows' streams, counted once.
        held_out: Streams that it did not learn from.
        digest: Of the windows, so that nothing else is learned from after a break.
        seen: Whom it learned from; None of an encoder made before that was written down.
    """

    streams: int
    windows: int
    hours: float
    held_out: tuple[str, ...]
    digest: str
    seen: Seen | None = None


class EncoderFolder(RunFiles[PretrainConfig, StreamInfo]):
    """Paths and small files of a pretraining.

    Args:
        path: The folder; made when a run is written.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, PretrainConfig, StreamInfo)
        self.windows = path / "windows.f32"
        self.held_out = path / "held_out.f32"


def load_encoder(path: Path) -> tuple[ClipEncoder, PretrainConfig]:
    """The encoder with its final weights, in evaluation mode on the CPU, and how it was learned.

    Args:
        path: Folder of a finished pretraining.

    Raises:
        ConfigError: There is none, or its weights are not those of its encoder.
    """
    folder = EncoderFolder(path)
    config = folder.config()
    if not folder.weights.is_file():
        raise ConfigError(
            f"{path}: the encoder there is not finished; the same `python -m training pretrain "
            f"--out {path} …` as before goes on with it"
        )
    with torch.random.fork_rng():
        model = config.built()
    load_weights(model, folder.weights)
    return model.eval(), config
