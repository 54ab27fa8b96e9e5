"""Synthetic data in iMiGUE's layout, read back by the readers of the real one."""

from pathlib import Path

import numpy as np
import pytest

from engine.errors import UsageError
from engine.poses import F32
from engine.skeletons import IMIGUE_22
from training.__main__ import main
from training.datasets.imigue_csv import MigaCopy
from training.datasets.imigue_full import FullCopy
from training.synthetic.cast import cast
from training.synthetic.release import synthesize

SECONDS = 12.0


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic") / "data"
    assert len(list(synthesize(folder, 16, SECONDS))) == 16
    return folder


def test_readers_of_the_real_release_read_it(copy: Path) -> None:
    miga, full = MigaCopy(copy), FullCopy(copy)
    assert [video.number for video in miga.videos] == [role.video for role in cast(16)]
    assert set(miga.skipped) == {347, 348}
    for video in miga.videos:
        assert miga.poses(video.number).frames == SECONDS * 25
        assert [c.frame_slice for c in miga.clips(video.number)] == [
            c.frame_slice for c in full.clips(video.number)
        ]


def test_readers_find_out_which_hand_is_first_where_hands_are_apart(copy: Path) -> None:
    told = 0
    for number, video in enumerate(MigaCopy(copy).videos):
        poses = MigaCopy(copy).poses(video.number)
        if apart_frames(poses.points) > 50:
            right_first = any("taken as the right hand" in note for note in poses.notes)
            assert right_first == (number % 4 == 1)
            told += 1
    assert told >= 3


def apart_frames(points: F32) -> int:
    """Frames in which wrists are further apart than three times a hand."""
    left, right, tip = (
        points[:, IMIGUE_22.index(name)]
        for name in ("left_wrist", "right_wrist", "left_middle_tip")
    )
    hand_px = np.hypot(*(tip - left)[:, :2].T)
    seen = (left[:, 2] > 0) & (right[:, 2] > 0) & (tip[:, 2] > 0)
    return int((seen & (np.hypot(*(left - right)[:, :2].T) > 3.0 * hand_px)).sum())


def test_each_trap_is_in_it(copy: Path) -> None:
    files = sorted(copy.glob("imigue_skeleton_t*/*/*_light*.csv"))
    beginnings = [path.read_text(encoding="utf-8")[:80] for path in files]
    assert any(line.startswith(",0,") for line in beginnings)
    assert any(line.startswith("0,") for line in beginnings)
    assert any(path.name.endswith("_light.csv") for path in files)
    assert any(path.stat().st_size == 0 for path in files)
    assert any(MigaCopy(copy).poses(v.number).failed.any() for v in MigaCopy(copy).videos)
    validation = {path.name for path in copy.glob("imigue_skeleton_validate/*")}
    assert validation
    assert validation <= {path.name for path in copy.glob("imigue_skeleton_train/*")}
    orders = {note for v in MigaCopy(copy).videos for note in MigaCopy(copy).poses(v.number).notes}
    assert orders


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("again", 3), ("other", 4)):
        list(synthesize(tmp_path / name, 2, SECONDS, seed))
    one, again, other = (
        b"".join(path.read_bytes() for path in sorted((tmp_path / name).rglob("*.csv")))
        for name in ("one", "again", "other")
    )
    assert one == again != other


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(UsageError, match="is not empty"):
        list(synthesize(tmp_path, 2, SECONDS))


def test_the_command_makes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "made"
    arguments = ["--out", str(folder), "--videos", "2", "--seconds", "12"]
    assert main(["synthesize", *arguments]) == 0
    assert "2 videos" in capsys.readouterr().err
    assert main(["synthesize", *arguments]) == 2
    assert main(["synthesize", "--out", str(tmp_path / "more"), "--videos", "400"]) == 2
    assert "expected 1 to 355" in capsys.readouterr().err
    assert "simulated" in (folder / "README.txt").read_text(encoding="utf-8")
