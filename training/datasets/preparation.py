"""Looks through whatever data set a folder holds."""

from pathlib import Path

from training.datasets.clip_inspection import inspect_clips
from training.datasets.faults import DataSetError, Fault
from training.datasets.imigue_csv import MigaCopy
from training.datasets.imigue_full import FullCopy
from training.datasets.inspection import Inspection, Watch
from training.datasets.label_table import NO_LABELS
from training.datasets.layouts import Layout, arrays, pickles, the_layout
from training.datasets.packed_files import open_pyskl, open_stgcn
from training.datasets.recording_inspection import inspect_recordings
from training.datasets.smg_inspection import inspect_smg
from training.datasets.video_inspection import inspect_videos


def inspect(folder: Path, watch: Watch, *, quick: bool = False) -> Inspection:
    """Everything that is in a folder and wrong with it; memory holds one video at a time.

    Args:
        folder: Of a copy.
        watch: Told of progress.
        quick: Leave the points unread: labels and files only.

    Raises:
        UsageError: The folder holds no data set that is known, or several.
    """
    layout = the_layout(folder)
    if layout is Layout.MIGA:
        miga = MigaCopy(folder)
        return inspect_videos(miga, folder, _repeats(miga), watch, quick=quick)
    if layout is Layout.FULL:
        full, faults = _full(folder)
        return inspect_videos(full, folder, faults, watch, quick=quick)
    if layout is Layout.STGCN:
        return inspect_clips(folder, layout.value, arrays(folder), open_stgcn, watch, quick=quick)
    if layout is Layout.PYSKL:
        return inspect_clips(folder, layout.value, pickles(folder), open_pyskl, watch, quick=quick)
    if layout is Layout.RECORDINGS:
        return inspect_recordings(folder, watch, quick=quick)
    return inspect_smg(folder, watch, quick=quick)


def _full(folder: Path) -> tuple[FullCopy, tuple[Fault, ...]]:
    """The copy; if its labels are damaged, their faults, and the copy without them."""
    try:
        return FullCopy(folder), ()
    except DataSetError as error:
        return FullCopy(folder, NO_LABELS), error.faults


def _repeats(miga: MigaCopy) -> tuple[Fault, ...]:
    """Validation videos may lie in the training folder as well."""
    return tuple(
        Fault(f"video {number:04d}", f"lies in {len(paths)} folders, one is read: "
              + ", ".join(map(str, paths)), fatal=False)
        for number, paths in miga.repeated.items()
    )  # fmt: skip
