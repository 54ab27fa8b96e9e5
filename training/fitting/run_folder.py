"""The folder of one run of our own network and what lies in it."""

from pathlib import Path

import msgspec
from msgspec import Struct

from engine.errors import ConfigError
from training.fitting.config import TrainConfig
from training.runs.run_files import RunFiles


class DataInfo(Struct, frozen=True, kw_only=True):
    """What a run was trained on.

    Attributes:
        simulator: Hashes of the simulator's configuration, with commas if there are several.
        seeds: Seeds of the shards.
        hours: Of motion.
    """

    simulator: str
    seeds: tuple[int, ...]
    hours: float


class RunFolder(RunFiles[TrainConfig]):
    """Paths and small files of a run.

    Args:
        path: The folder; made when a run is written.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, TrainConfig)
        self.calibration = path / "calibration.json"
        self.onnx = path / "model.onnx"

    def data(self) -> DataInfo:
        """What the run was trained on.

        Raises:
            ConfigError: It was never trained, or the file is damaged.
        """
        try:
            return msgspec.json.decode(self.data_file.read_bytes(), type=DataInfo)
        except (OSError, msgspec.DecodeError) as error:
            raise ConfigError(f"{self.data_file}: cannot be read: {error}") from error
