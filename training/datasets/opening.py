"""Opens a copy of a data set by its folder."""

from pathlib import Path

from engine.errors import UsageError
from training.datasets.dataset import DataSet
from training.datasets.imigue_csv import MigaCopy
from training.datasets.imigue_full import FullCopy
from training.datasets.layouts import Layout, the_layout
from training.datasets.recordings import RecordingSet

_OTHERS = {
    Layout.STGCN: "clips without their videos: `packed_files.open_stgcn` reads its arrays",
    Layout.PYSKL: "clips without their videos: `packed_files.open_pyskl` reads its pickles",
    Layout.SMG: "with labels and joints of its own: `smg.SmgCopy` reads it",
}


def open_dataset(folder: Path) -> DataSet:
    """The data set in a folder, whichever of the known layouts it has.

    Args:
        folder: Of a copy, or above it.

    Raises:
        UsageError: No layout is recognised, or one that has no long videos with iMiGUE labels.
    """
    layout = the_layout(folder)
    if layout is Layout.MIGA:
        return MigaCopy(folder)
    if layout is Layout.FULL:
        return FullCopy(folder)
    if layout is Layout.RECORDINGS:
        return RecordingSet(folder)
    raise UsageError(f"{folder}: is {layout.value}, {_OTHERS[layout]}")
