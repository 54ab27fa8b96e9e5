"""Filmed videos as files of iMiGUE's skeleton release, with its traps."""

import csv
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from engine.errors import UsageError
from engine.poses import F32
from training.datasets import published
from training.datasets.labelled_clip import LabelledClip
from training.synthetic.cast import cast
from training.synthetic.filming import Filmed, film

README = """\
Synthetic data in the layout of iMiGUE's skeleton release, made by `python -m training synthesize`.
Nobody in it exists: motion, cameras, tracker errors and the link between gestures and outcomes are
simulated. Figures on it are not comparable with any that are published.

Traps of the real release that are in it: some tables of points begin with a header, some hold
25 points only, some have the right hand first; frames in which the tracker failed are all 0; the
last frame of a label belongs to it; videos for validation lie among those for training as well;
videos 347 and 348 have no rows.
"""
_README = "README.txt"
_LABELS = "labels_20200831.csv"
_COLUMNS = ("video_id", "subject_id", "class", "start_frame", "end_frame", "win_or_lose")
_OUTCOMES = {"win": "Win", "lose": "Lose"}
_EMPTY = (347, 348)
_BODY_POINTS = 25
# One in so many videos has each trap.
_HEADER, _RIGHT_FIRST, _NO_HANDS = 3, 4, 11
_BATCH = 8
# Failures come in bursts of a few frames, some in a minute.
_BURSTS_PER_S, _BURST = 1 / 20, (2, 12)


def synthesize(folder: Path, videos: int, seconds: float, seed: int = 0) -> Iterator[Path]:
    """Write a data set, giving the folder of each video as it is done.

    The same arguments give the same bytes.

    Args:
        folder: Where to; must not exist, or be empty.
        videos: How many, without those that have no rows.
        seconds: Length of each.
        seed: Of everything.

    Raises:
        UsageError: The folder is in use, or cannot be written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder}: is not empty; name a new folder for the data set")
    roles = cast(videos)
    try:
        (folder / "Label").mkdir(parents=True, exist_ok=True)
        (folder / _README).write_text(README, encoding="utf-8")
        with (folder / "Label" / _LABELS).open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(_COLUMNS)
            for first in range(0, len(roles), _BATCH):
                rng = np.random.default_rng((seed, first))
                for number, one in enumerate(film(roles[first : first + _BATCH], seconds, rng)):
                    table.writerows(_rows(one))
                    yield _write_video(folder, one, first + number, rng)
        for video in _EMPTY:
            _write_empty(folder, video)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written: {error}") from error


def is_synthetic(folder: Path) -> bool:
    """Whether a folder holds what `synthesize` wrote: figures on it are no published ones."""
    readme = folder / _README
    return readme.is_file() and readme.read_text(encoding="utf-8", errors="replace") == README


def _write_video(folder: Path, one: Filmed, number: int, rng: np.random.Generator) -> Path:
    points = _failing(one.points, rng)
    suffix = "_light_hand.csv"
    if number % _RIGHT_FIRST == 1:
        points = points[:, [*range(25), *range(30, 35), *range(25, 30)]]
    if number % _NO_HANDS == 5:
        points, suffix = points[:, :_BODY_POINTS], "_light.csv"
    side = "test" if one.role.part == "test" else "train"
    home = _home(folder, side, one.role.video)
    _write_points(home / f"{home.name}{suffix}", points, header=number % _HEADER == 2)
    _write_labels(home / f"{home.name}_label.csv", one.clips)
    if one.role.part == "validation":
        shutil.copytree(home, _home(folder, "validate", one.role.video))
    return home


def _home(folder: Path, side: str, video: int) -> Path:
    home = folder / f"imigue_skeleton_{side}" / f"{video:04d}"
    if side != "validate":
        home.mkdir(parents=True)
    return home


def _write_points(path: Path, points: F32, *, header: bool) -> None:
    rows = points.reshape(len(points), -1)
    numbered = np.column_stack([np.arange(len(rows)), rows])
    form = ["%d", *["%.3f"] * rows.shape[1]]
    with path.open("w", encoding="utf-8", newline="") as file:
        if header:
            file.write(",".join(["", *map(str, range(rows.shape[1]))]) + "\n")
        np.savetxt(file, numbered, fmt=form, delimiter=",")


def _write_labels(path: Path, clips: Iterable[LabelledClip]) -> None:
    lines = [f"{one.label_id},{one.start_frame},{one.end_frame}\n" for one in clips]
    path.write_text("".join(lines), encoding="utf-8")


def _write_empty(folder: Path, video: int) -> None:
    home = _home(folder, "train", video)
    (home / f"{home.name}_light_hand.csv").touch()
    (home / f"{home.name}_label.csv").touch()


def _rows(one: Filmed) -> Iterator[tuple[object, ...]]:
    role = one.role
    for clip in one.clips:
        span = (clip.label_id, clip.start_frame, clip.end_frame)
        yield role.video, role.subject, *span, _OUTCOMES[role.outcome]


def _failing(points: F32, rng: np.random.Generator) -> F32:
    """With some stretches in which the tracker found nothing at all."""
    out = points.copy()
    count = rng.poisson(len(points) / published.RATE_HZ * _BURSTS_PER_S)
    for start in rng.integers(0, len(points), count):
        out[start : start + rng.integers(*_BURST)] = 0.0
    return out
