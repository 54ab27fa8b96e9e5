"""The folder of one run of a model of the zoo and what lies in it."""

from pathlib import Path

from msgspec import Struct

from engine.errors import UsageError
from training.clips.run_config import ClipRunConfig
from training.runs.run_files import RunFiles
from training.zoo.clip_model import ClipEncoder


class ClipDataInfo(Struct, frozen=True, kw_only=True):
    """What a run was trained on.

    Attributes:
        name: Of the data set.
        synthetic: Whether `synthesize` made it.
        train_clips: How many were trained on.
        train_people: How many people are in them.
        validation_clips: How many the curves are of.
        validation_people: Who is in those; none of them was trained on.
        digest: Of the clips trained on, so that nothing else is trained on after a break.
    """

    name: str
    synthetic: bool
    train_clips: int
    train_people: int
    validation_clips: int
    validation_people: tuple[str, ...]
    digest: str


class ClipRunFolder(RunFiles[ClipRunConfig, ClipDataInfo]):
    """Paths and small files of a run.

    Args:
        path: The folder; made when a run is written.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, ClipRunConfig, ClipDataInfo)
        self.start = path / "start.npz"

    def write_start(self, encoder: ClipEncoder) -> None:
        """Keep the weights that the run begins from, until it is finished.

        Raises:
            UsageError: They cannot be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._write_arrays(self.start, encoder.state_dict())
        except OSError as error:
            raise UsageError(f"{self.start}: cannot be written: {error}") from error

    def metrics(self, part: str) -> Path:
        """Figures on a part, `validation` or `test`; the same name with `.md` for people."""
        return self.path / f"metrics.{part}.json"

    def confusion(self, part: str) -> Path:
        """Picture of what is taken for what on a part."""
        return self.path / f"{part}_confusion.png"
