"""Windows of streams in a file, so that memory does not grow with the streams."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import UsageError
from engine.poses import F32
from engine.skeletons import IMIGUE_22
from training.clips.clip_set import ClipSet
from training.clips.live_ticks import live_stretches
from training.pretraining.sources import Source

UNLABELLED = -1
_LEAST_SEEN = 0.5
_SHORTEST_TICKS = 12


@dataclass(frozen=True)
class WindowForm:
    """How streams are cut.

    Attributes:
        ticks: Length of a window.
        stride: Ticks from one to the next.
    """

    ticks: int
    stride: int


def write_windows(
    sources: Iterable[Source],
    path: Path,
    form: WindowForm,
    tell: Callable[[str], None] = lambda _: None,
) -> ClipSet:
    """Cut streams as a live recogniser is shown them.

    Windows in which a pose is missing in more than half of the ticks are left out. Of memory it
    takes what the longest stretch of one stream needs.

    Args:
        sources: The streams.
        path: File of the windows, written anew.
        form: How long and how dense.
        tell: Hears what is being read.

    Returns:
        Windows as clips that stay in the file; each has the label `UNLABELLED`, and its source as
        its subject.

    Raises:
        UsageError: There is no window, or the file cannot be written.
        FidgetError: A source cannot be read.
    """
    lengths: list[int] = []
    names: list[str] = []
    row = np.zeros((form.ticks, len(IMIGUE_22), 3), np.float32)
    try:
        with path.open("wb") as file:
            for source in sources:
                tell(f"reading {source.name}")
                for window in _windows(source, form):
                    row[: len(window)], row[len(window) :] = window, 0.0
                    file.write(row.tobytes())
                    lengths.append(len(window))
                    names.append(source.name)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    if not lengths:
        raise UsageError("the streams hold no half second with a pose to learn from")
    return ClipSet(
        clips=np.memmap(path, np.float32, "r", shape=(len(lengths), *row.shape)),
        lengths=np.array(lengths, np.int64),
        labels=np.full(len(lengths), UNLABELLED, np.int64),
        subjects=tuple(names),
        names=tuple(f"window {number}" for number in range(len(lengths))),
    )


def _windows(source: Source, form: WindowForm) -> Iterator[F32]:
    for stretch in live_stretches(source.samples()):
        for start in range(0, len(stretch.ticks), form.stride):
            window = stretch.ticks[start : start + form.ticks]
            seen = window.any(axis=(1, 2))
            if len(window) >= _SHORTEST_TICKS and seen.mean() >= _LEAST_SEEN:
                yield window
            if start + form.ticks >= len(stretch.ticks):
                break
