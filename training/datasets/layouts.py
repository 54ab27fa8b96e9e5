"""Which data set a folder holds, by its files."""

from enum import Enum
from pathlib import Path

from engine.errors import UsageError
from training.datasets import imigue_csv, imigue_full, packed_files
from training.datasets.label_table import label_tables
from training.datasets.smg import smg_folders
from training.datasets.video_folders import video_folders

_SHOWN = 8


class Layout(str, Enum):
    """The layouts that are known."""

    MIGA = "the challenge's skeleton release of iMiGUE"
    FULL = "the full release of iMiGUE"
    STGCN = "packed clips of ST-GCN"
    PYSKL = "packed clips of pyskl"
    SMG = "SMG"
    RECORDINGS = "recordings of Fidget"


LOOKED_FOR: dict[Layout, str] = {
    Layout.MIGA: "folders such as 0001 with 0001_light_hand.csv, 0001_label.csv",
    Layout.FULL: "Label/labels_*.csv, or folders such as 0001 with 0001_2.xlsx",
    Layout.STGCN: "*_data.npy beside *_label.pkl",
    Layout.PYSKL: "*.pkl",
    Layout.SMG: "folders such as Sample0001",
    Layout.RECORDINGS: "*.mcap",
}


def layouts(folder: Path) -> tuple[Layout, ...]:
    """The layouts that a folder holds, more than one if several copies lie in it.

    Raises:
        UsageError: There is no such folder.
    """
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "is not there"
        raise UsageError(f"{folder}: {what}; expected the folder of a data set")
    videos = video_folders(folder)
    found = {
        Layout.MIGA: any(video.with_any(imigue_csv.SUFFIXES) for video in videos),
        Layout.FULL: any(video.named(imigue_full.POINTS) for video in videos),
        Layout.STGCN: bool(arrays(folder)),
        Layout.PYSKL: bool(pickles(folder)),
        Layout.SMG: bool(smg_folders(folder)),
        Layout.RECORDINGS: any(folder.glob("*.mcap")),
    }
    # Beside the challenge's release a label table only adds who is in the videos.
    found[Layout.FULL] |= bool(label_tables(folder)) and not found[Layout.MIGA]
    return tuple(layout for layout, there in found.items() if there)


def the_layout(folder: Path) -> Layout:
    """The one layout that a folder holds.

    Raises:
        UsageError: It holds none, or several; says what was looked for and what is there.
    """
    found = layouts(folder)
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(layout.value for layout in found)
        raise UsageError(f"{folder}: holds more than one data set ({names}); name a folder in it")
    expected = "; ".join(f"{layout.value}: {what}" for layout, what in LOOKED_FOR.items())
    raise UsageError(
        f"{folder}: no data set is known by what is there ({_there(folder)}). {expected}"
    )


def arrays(folder: Path) -> list[Path]:
    """Arrays of packed clips in a folder."""
    return sorted(folder.glob(f"*{packed_files.DATA}"))


def pickles(folder: Path) -> list[Path]:
    """Pickles of packed clips in a folder."""
    return sorted(p for p in folder.glob("*.pkl") if not p.name.endswith(packed_files.LABELS))


def _there(folder: Path) -> str:
    names = sorted(f"{path.name}/" if path.is_dir() else path.name for path in folder.iterdir())
    if not names:
        return "nothing"
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
