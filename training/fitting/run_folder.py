"""The folder of one run of our own network and what lies in it."""

from pathlib import Path

from msgspec import Struct

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


class RunFolder(RunFiles[TrainConfig, DataInfo]):
    """Paths and small files of a run.

    Args:
        path: The folder; made when a run is written.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, TrainConfig, DataInfo)
        self.calibration = path / "calibration.json"
        self.onnx = path / "model.onnx"
