from pathlib import Path

import pytest

from engine.errors import UsageError
from tests.training.datasets.copies import miga_video, write_label_table, write_pickle
from tests.training.datasets.test_smg import smg_sequence
from tests.wire.recordings import write_recording
from training.datasets.imigue_csv import MigaCopy
from training.datasets.imigue_full import FullCopy
from training.datasets.layouts import Layout, layouts, the_layout
from training.datasets.opening import open_dataset
from training.datasets.recordings import RecordingSet


def test_layouts_with_long_videos_are_opened(tmp_path: Path) -> None:
    miga_video(tmp_path / "a" / "b" / "datasets", 12)
    write_label_table(tmp_path / "f" / "Label" / "labels_1.csv", [(9, 2, 8, 0, 4, "Win")])
    (tmp_path / "r").mkdir()
    write_recording(tmp_path / "r" / "one.mcap")
    for name, kind in (("a", MigaCopy), ("f", FullCopy), ("r", RecordingSet)):
        data = open_dataset(tmp_path / name)
        assert isinstance(data, kind)
        assert len(data.videos) == 1
        assert data.rate_hz == 25


def test_the_folder_of_one_video_may_be_named(tmp_path: Path) -> None:
    assert [v.number for v in MigaCopy(miga_video(tmp_path, 12)).videos] == [12]


def test_what_has_no_long_videos_says_who_reads_it(tmp_path: Path) -> None:
    write_pickle(tmp_path / "imigue.pkl", {})
    with pytest.raises(UsageError, match="open_pyskl"):
        open_dataset(tmp_path)
    smg_sequence(tmp_path / "smg", 1)
    with pytest.raises(UsageError, match="SmgCopy"):
        open_dataset(tmp_path / "smg")


def test_a_foreign_folder_says_what_was_looked_for_and_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "holiday").mkdir()
    (tmp_path / "notes.txt").touch()
    with pytest.raises(UsageError) as raised:
        open_dataset(tmp_path)
    message = str(raised.value)
    assert "what is there (holiday/, notes.txt)" in message
    for word in ("0001_light_hand.csv", "labels_*.csv", "*_data.npy", "Sample0001", "*.mcap"):
        assert word in message


def test_the_list_of_what_is_there_is_short(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(UsageError, match=r"and 22 more\)"):
        the_layout(tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UsageError, match="nothing"):
        the_layout(empty)


def test_two_copies_in_one_folder_are_told_apart_by_the_user(tmp_path: Path) -> None:
    miga_video(tmp_path, 12)
    smg_sequence(tmp_path, 1)
    assert layouts(tmp_path) == (Layout.MIGA, Layout.SMG)
    with pytest.raises(UsageError, match="more than one data set"):
        open_dataset(tmp_path)


def test_a_folder_that_is_not_there_or_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        open_dataset(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is a file"):
        open_dataset(tmp_path / "file")
