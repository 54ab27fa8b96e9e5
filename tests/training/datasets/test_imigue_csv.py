from pathlib import Path

import numpy as np
import pytest

from tests.training.datasets.copies import (
    RIGHT_FIRST,
    miga_video,
    openpose_35,
    openpose_137,
    write_label_table,
    write_points,
    write_xlsx,
)
from training.datasets.faults import DataSetError
from training.datasets.imigue_csv import MigaCopy
from training.datasets.opening import open_dataset
from training.datasets.splits import miga_split


def test_a_copy_has_its_videos_with_part_clips_and_poses(tmp_path: Path) -> None:
    miga_video(tmp_path / "imigue_data_phase1" / "datasets", 12)
    miga_video(tmp_path / "imigue_data_phase2", 54, None, part="test")
    copy = MigaCopy(tmp_path)
    assert [(v.number, v.part, v.has_labels) for v in copy.videos] == [
        (12, "train", True),
        (54, "test", False),
    ]
    first, second = copy.clips(12)
    assert (first.sample_id, second.class_index) == ("0012_0", 31)
    poses = copy.poses(12)
    assert (poses.frames, poses.width_px, poses.height_px) == (12, 1280, 720)
    np.testing.assert_array_equal(poses.points[:, 0, 1], 200 + np.arange(12))
    assert copy.poses(54).frames == 12


@pytest.mark.parametrize("header", [False, True])
def test_trap_frame_0_is_the_first_row_of_points_with_a_header_or_without(
    tmp_path: Path, header: bool
) -> None:
    folder = miga_video(tmp_path, 12)
    write_points(folder / "0012_light_hand.csv", openpose_35(12), header=header)
    copy = MigaCopy(tmp_path)
    poses = copy.poses(12)
    assert poses.frames == 12
    last = poses.cut(copy.clips(12)[1].frame_slice)
    np.testing.assert_array_equal(last.points[:, 0, 1], [206, 207, 208, 209])


def test_the_smaller_table_stands_in_for_the_one_with_hands(tmp_path: Path) -> None:
    miga_video(tmp_path, 12, suffix="_light.csv")
    poses = MigaCopy(tmp_path).poses(12)
    assert not poses.points[:, 12:].any()
    assert "no fingertips" in poses.notes[0]


def test_the_table_with_hands_must_have_106_columns(tmp_path: Path) -> None:
    folder = miga_video(tmp_path, 12)
    write_points(folder / "0012_light_hand.csv", openpose_35(3)[:, :25])
    with pytest.raises(DataSetError, match=r"0012_light_hand\.csv:1: expected 106 columns, got 76"):
        MigaCopy(tmp_path).poses(12)


def test_the_workbook_is_read_where_no_csv_is(tmp_path: Path, openpyxl: None) -> None:
    folder = miga_video(tmp_path, 12)
    (folder / "0012_light_hand.csv").unlink()
    write_xlsx(folder / "0012_openpose.xlsx", openpose_137(4, RIGHT_FIRST).reshape(4, -1).tolist())
    poses = MigaCopy(tmp_path).poses(12)
    assert (poses.frames, len(poses.notes)) == (4, 1)
    assert poses.points[0, 17, 0] == 181  # right thumb, beside the right wrist


def test_rows_that_are_not_numbered_in_turn_are_told_and_count_by_place(tmp_path: Path) -> None:
    folder = miga_video(tmp_path, 12)
    points = openpose_35(6)
    path = write_points(folder / "0012_light_hand.csv", points)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:2] + lines[3:]) + "\n")
    poses = MigaCopy(tmp_path).poses(12)
    assert poses.frames == 5
    assert "row number 3 comes after 1" in poses.notes[0]


@pytest.mark.parametrize("first", [0, 1, 40])
def test_rows_may_be_numbered_from_anything(tmp_path: Path, first: int) -> None:
    folder = miga_video(tmp_path, 12)
    write_points(folder / "0012_light_hand.csv", openpose_35(6), first=first)
    assert MigaCopy(tmp_path).poses(12).notes == ()


@pytest.mark.parametrize("video", [218, 319, 347, 348])
def test_trap_broken_videos_are_skipped_with_a_reason(tmp_path: Path, video: int) -> None:
    miga_video(tmp_path, video)
    miga_video(tmp_path, 12)
    copy = MigaCopy(tmp_path)
    assert [v.number for v in copy.videos] == [12]
    assert "in the release" in copy.skipped[video]
    for read in (copy.clips, copy.poses):
        with pytest.raises(DataSetError, match=f"video {video} cannot be used: its"):
            read(video)


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    folder = miga_video(tmp_path, 12, None)
    (folder / "0012_light_hand.csv").unlink()
    (folder / "0012_light.csv").touch()
    copy = MigaCopy(tmp_path)
    with pytest.raises(DataSetError, match=r"0012_label\.csv is missing"):
        copy.clips(12)
    with pytest.raises(DataSetError, match="no folder 0013"):
        copy.clips(13)


def test_trap_validation_videos_inside_train_count_once_and_are_not_trained_on(
    tmp_path: Path,
) -> None:
    for video in (1, 2, 12):
        miga_video(tmp_path, video)
    miga_video(tmp_path, 1, part="validate")
    miga_video(tmp_path, 54, part="test")
    copy = MigaCopy(tmp_path)
    assert [v.number for v in copy.videos] == [1, 2, 12, 54]
    assert [v.part for v in copy.videos] == ["train", "train", "train", "test"]
    assert set(copy.repeated) == {1}
    split = miga_split(copy.videos)
    assert (split.train, split.validation, split.test) == ((12,), (1, 2), (54,))


def test_the_part_of_a_video_is_that_of_its_folder(tmp_path: Path) -> None:
    for video, part in ((1, "validate"), (12, "train"), (54, "test")):
        miga_video(tmp_path, video, part=part)
    miga_video(tmp_path / "loose", 13).rename(tmp_path / "loose" / "0013")
    parts = [video.part for video in MigaCopy(tmp_path).videos]
    assert parts == ["validation", "train", None, "test"]


def test_nothing_is_kept_between_calls(tmp_path: Path) -> None:
    folder = miga_video(tmp_path, 12)
    copy = MigaCopy(tmp_path)
    assert copy.poses(12).frames == 12
    write_points(folder / "0012_light_hand.csv", openpose_35(5))
    assert copy.poses(12).frames == 5


def test_the_label_table_of_the_full_release_beside_tells_who_is_in_it(tmp_path: Path) -> None:
    miga_video(tmp_path, 12)
    miga_video(tmp_path, 13)
    rows = [(12, 7, 8, 0, 4, "Lose"), (99, 8, 8, 0, 4, "Win")]
    write_label_table(tmp_path / "Label" / "labels_20200831.csv", rows)
    copy = open_dataset(tmp_path)
    assert isinstance(copy, MigaCopy)
    one, other = copy.videos
    assert (one.subject, one.outcome) == (7, "lose")
    assert (other.subject, other.outcome) == (None, None)
