"""Finds the folders of single videos, such as `0001`, in a copy of a release."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from training.datasets.dataset import Part

_NUMBER = re.compile(r"\d{4}")
_DEPTH = 6
_PARTS: tuple[tuple[str, Part], ...] = (
    ("validat", "validation"),
    ("test", "test"),
    ("train", "train"),
)


@dataclass(frozen=True)
class VideoFolder:
    """Files of one video.

    Attributes:
        number: Of the video.
        path: The folder.
        files: Names in it.
        part: What the folders above call it.
    """

    number: int
    path: Path
    files: frozenset[str]
    part: Part | None

    def named(self, suffix: str) -> Path | None:
        """The file `NNNN` + `suffix`, None if there is none."""
        name = f"{self.number:04d}{suffix}"
        return self.path / name if name in self.files else None

    def with_any(self, suffixes: tuple[str, ...]) -> bool:
        """Whether one of its files is called `NNNN` + a suffix."""
        return any(self.named(suffix) for suffix in suffixes)


def video_folders(root: Path) -> list[VideoFolder]:
    """All folders of videos at or below `root`, by number and then by path."""
    return sorted(_found(root), key=lambda folder: (folder.number, str(folder.path)))


def _found(root: Path) -> Iterator[VideoFolder]:
    for folder, below, files in os.walk(root):
        path = Path(folder)
        if len(path.relative_to(root).parts) >= _DEPTH:
            below.clear()
        if _NUMBER.fullmatch(path.name):
            yield VideoFolder(int(path.name), path, frozenset(files), _part(path))


def _part(path: Path) -> Part | None:
    """Named by the folder just above, such as `imigue_skeleton_train`."""
    name = path.parent.name.lower()
    return next((part for word, part in _PARTS if word in name), None)
