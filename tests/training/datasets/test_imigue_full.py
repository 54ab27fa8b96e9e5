import sys
from pathlib import Path

import numpy as np
import pytest

from engine.errors import UsageError
from tests.training.datasets.copies import openpose_137, write_label_table, write_xlsx
from training.datasets.faults import DataSetError
from training.datasets.imigue_full import FullCopy
from training.datasets.openpose_xlsx import read_openpose
from training.datasets.splits import emotion_split, miga_split, subject_split

ROWS = (
    (9, 2, 8, 0, 4, "Win"),
    (54, 1, 99, 3, 7, "Lose"),
    (9, 2, 31, 6, 9, "Win"),
    (347, 4, 8, 0, 4, "Lose"),
)


def full_copy(root: Path, rows: object = ROWS, points: bool = True) -> FullCopy:
    write_label_table(root / "Label" / "labels_20200831.csv", rows)  # type: ignore[arg-type]
    if points:
        path = root / "mg_skeleton_only" / "0009" / "0009_2.xlsx"
        write_xlsx(path, openpose_137(12).reshape(12, -1).tolist())
    return FullCopy(root)


def faults(path: Path) -> list[str]:
    with pytest.raises(DataSetError) as raised:
        read_openpose(path)
    return [str(fault).removeprefix(str(path)) for fault in raised.value.faults]


def test_labels_come_with_subject_and_outcome(tmp_path: Path, openpyxl: None) -> None:
    copy = full_copy(tmp_path)
    assert [(v.number, v.subject, v.outcome, v.has_poses) for v in copy.videos] == [
        (9, 2, "win", True),
        (54, 1, "lose", False),
    ]
    assert [clip.sample_id for clip in copy.clips(9)] == ["0009_0", "0009_1"]
    assert copy.clips(54)[0].class_index == 31
    poses = copy.poses(9)
    np.testing.assert_array_equal(poses.points[:, 0, 1], 200 + np.arange(12))
    assert poses.cut(copy.clips(9)[1].frame_slice).frames == 4
    assert set(copy.skipped) == {347}


def test_the_newest_of_several_tables_is_read(tmp_path: Path) -> None:
    write_label_table(tmp_path / "Label" / "labels_20190101.csv", [(9, 2, 20, 0, 4, "Win")])
    assert full_copy(tmp_path, points=False).clips(9)[0].label_id == 8


def test_the_protocols_are_those_published(tmp_path: Path) -> None:
    videos = full_copy(tmp_path, points=False).videos
    assert subject_split(videos).train == (9,)
    assert subject_split(videos).test == (54,)
    assert emotion_split(videos).test == (9, 54)
    split = miga_split(videos)
    assert (split.train, split.validation, split.test) == ((), (9,), (54,))


def test_the_cross_subject_protocol_needs_subjects(tmp_path: Path, openpyxl: None) -> None:
    full_copy(tmp_path)
    (tmp_path / "Label" / "labels_20200831.csv").unlink()
    with pytest.raises(UsageError, match="needs a known subject"):
        subject_split(FullCopy(tmp_path).videos)


def test_every_fault_of_the_table_is_told(tmp_path: Path) -> None:
    rows = [
        *ROWS,
        ("x", 2, 8, 0, 4, "Win"),
        (9, 2, 40, 0, 4, "Win"),
        (9, 2, 8, 4, 0, "Win"),
        (9, 3, 8, 0, 4, "Win"),
        (9, 2, 8, 0, 4, "Lose"),
        (9, 2, 8, 0, 4, "Draw"),
    ]
    with pytest.raises(DataSetError) as raised:
        full_copy(tmp_path, rows, points=False)
    texts = [str(fault).partition(".csv:")[2] for fault in raised.value.faults]
    assert texts == [
        "6: expected numbers of video and subject, got ['x', '2']",
        "7: class: expected 1 to 31 or 99, got 40",
        "8: ends at frame 0, before its start at 4",
        "9: video 9 is of subject 2 above and 3 here",
        "10: video 9 is 'win' above and 'lose' here",
        "11: win_or_lose: expected Win or Lose, got 'Draw'",
    ]


def test_a_table_without_a_column_says_which(tmp_path: Path) -> None:
    path = tmp_path / "labels_1.csv"
    path.write_text("video_id,class,start_frame,end_frame,win_or_lose\n1,2,3,4,Win\n")
    with pytest.raises(DataSetError, match="subject_id is missing"):
        FullCopy(tmp_path)


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    copy = full_copy(tmp_path, points=False)
    with pytest.raises(DataSetError, match=r"no 0009_2\.xlsx here"):
        copy.poses(9)
    with pytest.raises(DataSetError, match="347 cannot be used: its table"):
        copy.clips(347)
    with pytest.raises(DataSetError, match="no labels here"):
        copy.clips(10)


def test_every_fault_of_a_workbook_is_told(tmp_path: Path, openpyxl: None) -> None:
    rows: list[list[object]] = openpose_137(4).reshape(4, -1).tolist()
    rows[1][5] = "n/a"
    rows[2] = rows[2][:-3]
    rows[3][4] = None
    assert faults(write_xlsx(tmp_path / "0009_2.xlsx", rows)) == [
        ":2: column 6: expected a number, got 'n/a'",
        ":3: expected 411 columns, got 408",
        ":4: column 5: expected a number, got an empty cell",
    ]


def test_an_empty_and_a_cut_off_workbook_are_told(tmp_path: Path, openpyxl: None) -> None:
    path = write_xlsx(tmp_path / "0347_2.xlsx", [])
    assert faults(path) == [": expected rows of numbers, got none"]
    path.write_bytes(path.read_bytes()[:-30])
    assert "cut off" in faults(path)[0]
    assert "cannot be read" in faults(tmp_path / "nothing.xlsx")[0]


def test_without_openpyxl_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(UsageError, match="pip install openpyxl"):
        read_openpose(tmp_path / "0009_2.xlsx")


def test_the_library_itself_reads_what_the_tests_write(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    rows = openpose_137(3).reshape(3, -1)
    path = write_xlsx(tmp_path / "0009_2.xlsx", rows.tolist())
    np.testing.assert_allclose(read_openpose(path), rows)
