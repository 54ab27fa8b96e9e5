from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.labels import LABELS
from engine.poses import F32
from engine.skeletons import IMIGUE_22
from tests.training.datasets.copies import (
    LEFT_FIRST,
    RIGHT_FIRST,
    openpose_35,
    write_pickle,
    write_stgcn,
)
from training.datasets.faults import DataSetError
from training.datasets.label_maps import MINUS_ONE, MODULO
from training.datasets.packed_clips import unpadded
from training.datasets.packed_files import open_pyskl, open_stgcn

ROWS_22 = (*range(8), *range(15, 19), *range(25, 35))
FRAMES = 20


def clip_22(length: int, wrists: tuple[int, int] = LEFT_FIRST, padded: int = FRAMES) -> F32:
    """`(T, 22, 3)` in the order of the challenge's code, zeros behind its end."""
    out = np.zeros((padded, 22, 3), np.float32)
    out[:length] = openpose_35(length, wrists)[:, ROWS_22]
    return out


def stgcn(clips: list[F32]) -> F32:
    return np.stack(clips).transpose(0, 3, 1, 2)[..., None]


def annotation(name: str, label: int, points: F32, **more: Any) -> dict[str, Any]:
    return {
        "frame_dir": name,
        "label": label,
        "total_frames": len(points),
        "img_shape": (720, 1280),
        "original_shape": (720, 1280),
        "keypoint": points[None, ..., :2].astype(np.float16),
        "keypoint_score": points[None, ..., 2].astype(np.float16),
    } | more


def pyskl(path: Path, annotations: list[dict[str, Any]]) -> Path:
    split = {"xsub_train": [a["frame_dir"] for a in annotations]}
    return write_pickle(path, {"split": split, "annotations": annotations})


@pytest.mark.parametrize("wrists", [LEFT_FIRST, RIGHT_FIRST])
def test_trap_an_array_of_clips_is_read_without_its_padded_tails(
    tmp_path: Path, wrists: tuple[int, int]
) -> None:
    clips = stgcn([clip_22(5, wrists), clip_22(20, wrists)])
    pack = open_stgcn(write_stgcn(tmp_path, clips, ["0004_0", "0004_12"], [31, 7]))
    first, second = pack.clips
    assert (first.sample_id, first.video, first.number, first.label_id) == ("0004_0", 4, 0, 99)
    assert (second.number, second.label_id, second.parts) == (12, 8, ("train",))
    assert [pack.poses(place).frames for place in (0, 1)] == [5, 20]
    points = pack.poses(0).points
    np.testing.assert_array_equal(points[:, 0, 1], 200 + np.arange(5))
    for side in ("left", "right"):
        wrist = points[0, IMIGUE_22.index(f"{side}_wrist"), 0]
        assert points[0, IMIGUE_22.index(f"{side}_thumb_tip"), 0] == wrist + 1


def test_trap_a_failure_within_a_clip_is_masked_and_not_taken_for_padding() -> None:
    points = clip_22(5)
    points[2] = 0
    assert len(unpadded(points)) == 5
    assert len(unpadded(np.zeros((4, 22, 3), np.float32))) == 4


def test_a_failure_within_a_packed_clip_is_in_its_mask(tmp_path: Path) -> None:
    points = clip_22(5)
    points[2] = 0
    pack = open_stgcn(write_stgcn(tmp_path, stgcn([points]), ["0004_0"], [0]))
    assert pack.poses(0).failed.tolist() == [False, False, True, False, False]


def test_trap_a_padded_clip_of_pyskl_is_as_long_as_its_points_not_as_stated(tmp_path: Path) -> None:
    path = pyskl(tmp_path / "a.pkl", [annotation("0004_0", 31, clip_22(5))])
    poses = open_pyskl(path).poses(0)
    assert poses.frames == 5
    assert (poses.width_px, poses.height_px) == (1280, 720)
    np.testing.assert_array_equal(poses.points[0, :2, 0], [100, 120])


@pytest.mark.parametrize(("x", "size_px"), [(1279, (1280, 720)), (1400, (1920, 1080))])
def test_trap_a_stated_size_that_is_not_the_videos_is_believed_only_if_points_show_it(
    tmp_path: Path, x: float, size_px: tuple[int, int]
) -> None:
    points = clip_22(5)
    points[0, 0, 0] = x
    given = annotation("0004_0", 31, points, img_shape=(1080, 1920))
    pack = open_pyskl(pyskl(tmp_path / "a.pkl", [given]), MINUS_ONE)
    poses = pack.poses(0)
    assert (poses.width_px, poses.height_px) == size_px
    assert bool(pack.notes) == (x < 1280)


def test_a_clip_is_in_the_splits_of_its_file(tmp_path: Path) -> None:
    path = pyskl(tmp_path / "a.pkl", [annotation("0004_0", 31, clip_22(5))])
    assert open_pyskl(path).clips[0].parts == ("xsub_train",)


def test_points_without_scores_are_sure_where_they_are(tmp_path: Path) -> None:
    given = annotation("0004_0", 31, clip_22(5))
    given["keypoint"][0, :, 0] = 0
    del given["keypoint_score"]
    points = open_pyskl(pyskl(tmp_path / "a.pkl", [given])).poses(0).points
    assert points[0, 0, 2] == 0
    assert points[0, 1, 2] == 1


@pytest.mark.parametrize("label_map", [MINUS_ONE, MODULO])
def test_trap_the_other_label_map_is_told_and_undone(tmp_path: Path, label_map: Any) -> None:
    index_of = {label_id: index for index, label_id in label_map.raw.items()}
    labels = [label.id for label in LABELS for _ in range(label.train_count // 40)]
    names = [f"0001_{i}" for i in range(len(labels))]
    clips = np.zeros((len(labels), 3, 1, 22, 1), np.float32)
    pack = open_stgcn(write_stgcn(tmp_path, clips, names, [index_of[i] for i in labels]))
    assert [clip.label_id for clip in pack.clips] == labels
    assert pack.label_map is label_map
    assert bool(pack.notes) == (label_map is MODULO)


def test_few_clips_tell_no_map_which_is_said_and_can_be_stated(tmp_path: Path) -> None:
    path = write_stgcn(tmp_path, stgcn([clip_22(5)]), ["0004_0"], [30])
    assert "too few clips" in open_stgcn(path).notes[0]
    stated = open_stgcn(path, MODULO)
    assert (stated.notes, stated.clips[0].label_id) == ((), 30)


def test_labels_that_make_no_sense_are_all_named(tmp_path: Path) -> None:
    path = write_stgcn(tmp_path, stgcn([clip_22(5)] * 2), ["0004_0", "clip"], [32, -1])
    with pytest.raises(DataSetError) as raised:
        open_stgcn(path)
    texts = [fault.text for fault in raised.value.faults]
    assert texts == [
        "0004_0: expected a class 0 to 31, got 32",
        "expected a name such as 0004_0, got 'clip'",
        "clip: expected a class 0 to 31, got -1",
    ]


def test_an_array_and_labels_that_do_not_fit_are_told(tmp_path: Path) -> None:
    path = write_stgcn(tmp_path, stgcn([clip_22(5)]), ["0004_0", "0004_1"], [1, 2])
    with pytest.raises(DataSetError, match="holds 1 clips, and its labels are 2"):
        open_stgcn(path)


@pytest.mark.parametrize(
    ("clips", "message"),
    [
        (np.zeros((1, 3, 9, 25, 1), np.float32), "expected (N, 3, T, 22, 1)"),
        (np.zeros((1, 3, 9, 22, 1), np.int64), "int64"),
        (np.zeros((1, 3, 9, 22), np.float32), "expected (N, 3, T, 22, 1)"),
    ],
)
def test_another_array_is_told(tmp_path: Path, clips: Any, message: str) -> None:
    with pytest.raises(DataSetError) as raised:
        open_stgcn(write_stgcn(tmp_path, clips, ["0004_0"], [1]))
    assert message in str(raised.value)


def test_a_cut_off_array_is_told(tmp_path: Path) -> None:
    path = write_stgcn(tmp_path, stgcn([clip_22(5)]), ["0004_0"], [1])
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataSetError, match="cut off"):
        open_stgcn(path)


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_points_that_are_not_finite_are_told_with_their_clip(tmp_path: Path, number: float) -> None:
    points = clip_22(5)
    points[1, [4, 13]] = number
    pack = open_stgcn(write_stgcn(tmp_path, stgcn([points]), ["0004_0"], [1]))
    with pytest.raises(DataSetError, match="0004_0: expected finite points"):
        pack.poses(0)


def test_numbers_of_another_size_are_read(tmp_path: Path) -> None:
    clips: Any = stgcn([clip_22(5)]).astype(np.float64)
    poses = open_stgcn(write_stgcn(tmp_path, clips, ["0004_0"], [1])).poses(0)
    assert poses.points.dtype == np.float32


@pytest.mark.parametrize("tree", [{}, [], {"annotations": [{}]}, {"annotations": 3}])
def test_a_pickle_of_another_form_is_told(tmp_path: Path, tree: Any) -> None:
    with pytest.raises(DataSetError, match="expected"):
        open_pyskl(write_pickle(tmp_path / "a.pkl", tree))


def test_other_joints_are_told(tmp_path: Path) -> None:
    points = np.ones((5, 36, 3), np.float32)
    with pytest.raises(DataSetError, match="only the 22 joints"):
        open_pyskl(pyskl(tmp_path / "a.pkl", [annotation("0004_0", 1, points)]))


def test_scores_that_do_not_fit_their_points_are_told(tmp_path: Path) -> None:
    given = annotation("0004_0", 1, clip_22(5))
    given["keypoint_score"] = given["keypoint_score"][:, :-1]
    with pytest.raises(
        DataSetError, match=r"and their scores, got \(\(1, 20, 22, 2\), \(1, 19, 22"
    ):
        open_pyskl(pyskl(tmp_path / "a.pkl", [given]))


def test_a_label_pickle_of_another_form_is_told(tmp_path: Path) -> None:
    path = write_stgcn(tmp_path, stgcn([clip_22(5)]), ["0004_0"], [1])
    write_pickle(tmp_path / "train_label.pkl", {"0004_0": 1})
    with pytest.raises(DataSetError, match="expected names and classes, got dict"):
        open_stgcn(path)
