"""SMG (Chen et al., IJCV 2023): 40 people before a Kinect, 17 labels of its own.

A folder a sequence, `Sample0001/`, with `Sample0001_skeleton.csv`, `Sample0001_finelabels.csv` and
`Sample0001_data.csv`. Its labels are not iMiGUE's, and their order is not published in words: they
are numbers here, mapped to nothing. Its joints are Kinect's 25.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.poses import F32
from training.datasets.faults import DataSetError, Fault
from training.datasets.label_file import read_spans
from training.datasets.number_table import read_table
from training.datasets.published import SMG_LABELS

JOINTS = 25
VALUES = 11
_FOLDER = re.compile(r"Sample(\d{4})")
_DATA_COLUMNS = ("frames", "frames a second", "largest depth")


@dataclass(frozen=True)
class SmgClip:
    """A stretch that an annotator gave one label of SMG.

    Attributes:
        sequence: Number of the sequence, which is that of the person.
        number: Line in the label file, from 0.
        smg_label: 1..17 of SMG; no iMiGUE class.
        start_frame: First frame, as in the file.
        end_frame: Last frame, as in the file. Its source does not say whether frames count from
            0 or 1.
    """

    sequence: int
    number: int
    smg_label: int
    start_frame: int
    end_frame: int


@dataclass(frozen=True)
class SmgInfo:
    """What `_data.csv` says of a sequence.

    Attributes:
        frames: How many.
        rate_hz: Frames a second.
        depth: Largest depth, in the camera's units.
    """

    frames: int
    rate_hz: float
    depth: float


class SmgCopy:
    """A copy of SMG.

    Args:
        root: Any folder above those of the sequences.

    Attributes:
        sequences: Numbers of those that are there.
    """

    name = "SMG"

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folders: Mapping[int, Path] = smg_folders(root)
        self.sequences = tuple(self._folders)

    def info(self, sequence: int) -> SmgInfo:
        """Length and rate of a sequence.

        Raises:
            DataSetError: There is no such sequence, or its file is damaged. This holds for all.
        """
        path = self._path(sequence, "data")
        values = read_table(path, (len(_DATA_COLUMNS),)).values
        if len(values) != 1:
            text = f"expected one row of {', '.join(_DATA_COLUMNS)}, got {len(values)}"
            raise DataSetError([Fault(str(path), text)])
        frames, rate_hz, depth = values[0].tolist()
        return SmgInfo(int(frames), rate_hz, depth)

    def clips(self, sequence: int) -> tuple[SmgClip, ...]:
        """Labelled clips, as in the file."""
        rows = read_spans(self._path(sequence, "finelabels"), range(1, SMG_LABELS + 1))
        return tuple(SmgClip(sequence, number, *row) for number, row in enumerate(rows))

    def joints(self, sequence: int) -> F32:
        """Kinect's joints.

        Returns:
            `(T, 25, 11)` float32: place (3), quaternion (4), place in the picture in pixels (2),
            and two numbers that the publication does not explain.
        """
        values = read_table(self._path(sequence, "skeleton"), (JOINTS * VALUES,)).values
        return values.astype(np.float32).reshape(-1, JOINTS, VALUES)

    def _path(self, sequence: int, what: str) -> Path:
        if sequence not in self._folders:
            text = f"there is no folder Sample{sequence:04d}"
            raise DataSetError([Fault(str(self.root), text)])
        return self._folders[sequence] / f"Sample{sequence:04d}_{what}.csv"


def smg_folders(root: Path) -> dict[int, Path]:
    """Folders of sequences at or below `root`, two levels deep, by number."""
    paths = [root, *root.glob("Sample*"), *root.glob("*/Sample*"), *root.glob("*/*/Sample*")]
    matches = [(_FOLDER.fullmatch(path.name), path) for path in paths if path.is_dir()]
    return dict(sorted((int(match[1]), path) for match, path in matches if match))
