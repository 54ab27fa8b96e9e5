"""The folder of one training run and what lies in it, whatever is trained."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec
import numpy as np
from msgspec import Struct

from engine.errors import ConfigError, UsageError
from training.runs.config_file import ConfigT, read_config, write_config

if TYPE_CHECKING:
    from torch import Tensor


DataT = TypeVar("DataT", bound=Struct)


class EpochLog(Struct, frozen=True, kw_only=True):
    """One line of the log.

    Attributes:
        epoch: From 0.
        step: Steps done since the start of the run.
        lr: Learning rate of the last step.
        loss: Mean of what was minimised.
        parts: Mean of each of its parts, before weighting.
        validation: Name to figure, on people never trained on.
        seconds: What the epoch took, validation included.
        ticks_per_s: Ticks trained on in a second.
    """

    epoch: int
    step: int
    lr: float
    loss: float
    parts: dict[str, float]
    validation: dict[str, float]
    seconds: float
    ticks_per_s: float


class RunFiles(Generic[ConfigT, DataT]):
    """Paths and small files that every run has.

    Args:
        path: The folder; made when a run is written.
        kind: What its configuration is.
        data_kind: What tells what it was trained on.
    """

    def __init__(self, path: Path, kind: type[ConfigT], data_kind: type[DataT]) -> None:
        self.path = path
        self._kind = kind
        self._data_kind = data_kind
        self.config_file = path / "config.json"
        self.data_file = path / "data.json"
        self.log_file = path / "log.jsonl"
        self.curves = path / "curves.png"
        self.checkpoint = path / "checkpoint.pt"
        self.weights = path / "weights.npz"

    def begin(self, config: ConfigT) -> None:
        """Make the folder for a fresh run.

        Raises:
            UsageError: A run lies there already, or it cannot be written.
        """
        self.refuse_taken()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            write_config(self.config_file, config)
        except OSError as error:
            raise UsageError(f"{self.path}: cannot be written: {error}") from error

    def refuse_taken(self) -> None:
        """Tell before anything is read that a fresh run has no place here.

        Raises:
            UsageError: A run lies there already.
        """
        if self.config_file.exists():
            raise UsageError(
                f"{self.path}: a run lies there; continue it with --resume or name another"
            )

    def config(self) -> ConfigT:
        """The configuration the run was begun with.

        Raises:
            ConfigError: There is no run here, or one of another kind.
        """
        if not self.config_file.is_file():
            raise ConfigError(f"{self.path}: no run lies there (no config.json)")
        return read_config(self.config_file, self._kind)

    def log(self) -> list[EpochLog]:
        """Lines of the log so far, oldest first.

        Raises:
            ConfigError: It is damaged.
        """
        if not self.log_file.is_file():
            return []
        try:
            lines = self.log_file.read_bytes().splitlines()
            return [msgspec.json.decode(line, type=EpochLog) for line in lines if line]
        except msgspec.DecodeError as error:
            raise ConfigError(f"{self.log_file}: {error}") from error

    def write_log(self, lines: list[EpochLog]) -> None:
        """Write the whole log anew: a resumed run must not keep lines of lost epochs."""
        partial = self.log_file.with_suffix(".partial")
        partial.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
        partial.replace(self.log_file)

    def write_weights(self, state: Mapping[str, "Tensor"]) -> None:
        """Write the final weights as plain arrays."""
        self._write_arrays(self.weights, state)

    def _write_arrays(self, path: Path, state: Mapping[str, "Tensor"]) -> None:
        """In one piece: `path` is there as a whole or not at all."""
        arrays = {name: value.detach().cpu().numpy() for name, value in state.items()}
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, **arrays)
        partial.replace(path)

    def data(self) -> DataT:
        """What the run was trained on.

        Raises:
            ConfigError: It was never trained, or the file is damaged.
        """
        try:
            return msgspec.json.decode(self.data_file.read_bytes(), type=self._data_kind)
        except (OSError, msgspec.DecodeError) as error:
            raise ConfigError(f"{self.data_file}: cannot be read: {error}") from error

    def write_data(self, data: DataT) -> None:
        """Write what the run is trained on."""
        self.data_file.write_bytes(msgspec.json.format(msgspec.json.encode(data)) + b"\n")
