"""Whether the memory of reading a data set of long videos grows with their number.

The videos are one table of numbers with many names: only how much is read counts, not what it says.
They are read in a process of its own, whose memory nothing else has touched. `read` reads points
and clips of a video and forgets them, `gather` keeps the clips as a training does.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

from benchmarks.report import Result
from training.clips.clip_set import gather
from training.datasets import published
from training.datasets.dataset import DataSet
from training.datasets.opening import open_dataset
from training.datasets.points import LIGHT_35

_TOLD = (1, 10, 30, 100, 200, 359)
_SETTLED = 10
"""After so many videos the allocator has what it needs."""
_CLIP_EVERY_S, _CLIP_S = 6.0, 2.0
_SAMPLED_EVERY_S = 0.002
_MB = 1e6


def reading(videos: int, seconds: float) -> Result:
    """Make the videos, read them, and tell the largest resident memory on the way.

    Args:
        videos: How many.
        seconds: Length of each; iMiGUE's are around 300 s.
    """
    with tempfile.TemporaryDirectory() as folder:
        table = make_copy(Path(folder), videos, seconds)
        parts = {how: _own_process(Path(folder), how) for how in WAYS}
    return {
        "videos": videos,
        "frames_each": round(seconds * published.RATE_HZ),
        "table_mb": round(table / _MB, 2),
        **parts,
    }


def make_copy(folder: Path, videos: int, seconds: float) -> int:
    """Write one video in the layout of the challenge's release, and link the others to it.

    Args:
        folder: Where to.
        videos: How many.
        seconds: Length of each.

    Returns:
        Bytes of a table of points.
    """
    frames = round(seconds * published.RATE_HZ)
    usable = (n for n in range(1, published.LAST_VIDEO + 1) if n not in published.BROKEN)
    numbers = [number for number, _ in zip(usable, range(videos), strict=False)]
    first: dict[str, Path] = {}
    for number in numbers:
        home = folder / "imigue_skeleton_train" / f"{number:04d}"
        home.mkdir(parents=True)
        for suffix, write in _FILES.items():
            path = home / f"{home.name}{suffix}"
            if suffix in first:
                os.link(first[suffix], path)
            else:
                first[suffix] = path
                write(path, frames)
    return first["_light_hand.csv"].stat().st_size


def _write_points(path: Path, frames: int) -> None:
    rng = np.random.default_rng(0)
    at = np.array([640.0, 360.0, 0.9]) + rng.normal(0.0, [80.0, 60.0, 0.02], (LIGHT_35.count, 3))
    rows = np.abs(at + rng.normal(0.0, [3.0, 3.0, 0.01], (frames, LIGHT_35.count, 3)))
    table = np.column_stack([np.arange(frames), rows.reshape(frames, -1)])
    np.savetxt(path, table, fmt=["%d", *["%.3f"] * (table.shape[1] - 1)], delimiter=",")


def _write_labels(path: Path, frames: int) -> None:
    every, long = (round(s * published.RATE_HZ) for s in (_CLIP_EVERY_S, _CLIP_S))
    starts = range(0, frames - long, every)
    path.write_text("".join(f"8,{start},{start + long - 1}\n" for start in starts), "utf-8")


_FILES: dict[str, Callable[[Path, int], None]] = {
    "_light_hand.csv": _write_points,
    "_label.csv": _write_labels,
}


def _own_process(folder: Path, how: str) -> Result:
    words = [sys.executable, "-m", "benchmarks.reading", str(folder), how]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    result: Result = json.loads(done.stdout)
    return result


class _Peak:
    """The largest resident memory so far, looked at all the time."""

    def __init__(self) -> None:
        self._own = psutil.Process()
        self._over = threading.Event()
        self.bytes = self._own.memory_info().rss
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "_Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def look(self) -> None:
        """Take what is resident now into account."""
        self.bytes = max(self.bytes, self._own.memory_info().rss)

    def _watch(self) -> None:
        while not self._over.wait(_SAMPLED_EVERY_S):
            self.look()


def _read(data: DataSet, told: Callable[[], None]) -> int:
    clips = 0
    for video in data.videos:
        told()
        poses = data.poses(video.number)
        clips += sum(len(poses.points) > clip.end_frame for clip in data.clips(video.number))
    return clips


def _gather(data: DataSet, told: Callable[[], None]) -> int:
    numbers = [video.number for video in data.videos]
    return len(gather(data, numbers, lambda _: told()))


WAYS: dict[str, Callable[[DataSet, Callable[[], None]], int]] = {"read": _read, "gather": _gather}


def measured(folder: Path, how: str) -> Result:
    """Read a data set in this process.

    Args:
        folder: Of the data set.
        how: One of `WAYS`.

    Returns:
        Largest resident memory before reading, after some numbers of videos, and how much it grew
        after the first ten.
    """
    data = open_dataset(folder)
    peaks: list[int] = []
    with _Peak() as peak:
        before = peak.bytes

        def told() -> None:
            peak.look()
            peaks.append(peak.bytes)

        clips = WAYS[how](data, told)
        peak.look()
    # Told before each video: what the one before it took is in the next.
    after = [*peaks[1:], peak.bytes]
    settled = after[min(_SETTLED, len(after)) - 1]
    return {
        "clips": clips,
        "before_mb": round(before / _MB, 1),
        "peak_mb_after_videos": {
            str(count): round(after[count - 1] / _MB, 1) for count in _TOLD if count <= len(after)
        },
        "growth_after_ten_mb": round((after[-1] - settled) / _MB, 2),
    }


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]), sys.argv[2])))
