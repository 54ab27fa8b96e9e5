from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

import training.__main__ as program
from tests.training.datasets.copies import (
    miga_video,
    openpose_35,
    openpose_137,
    write_label_table,
    write_labels,
    write_points,
    write_stgcn,
    write_xlsx,
)
from tests.training.datasets.test_packed import annotation, clip_22, pyskl, stgcn
from tests.training.datasets.test_smg import smg_sequence
from tests.wire.recordings import write_recording
from training.datasets import published


def prepare(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    """Exit code and what was written as JSON."""
    out = folder.parent / f"{folder.name}.json"
    code = program.main(["prepare", str(folder), "--json", str(out), *words])
    found: dict[str, Any] = msgspec.json.decode(out.read_bytes())
    assert found["usable"] == (code == 0)
    return code, found


def counts(found: dict[str, Any]) -> dict[str, tuple[int, int | None]]:
    return {count["name"]: (count["here"], count["published"]) for count in found["counts"]}


def abilities(found: dict[str, Any]) -> dict[str, bool]:
    return {ability["what"]: ability["possible"] for ability in found["abilities"]}


def texts(found: dict[str, Any], *, fatal: bool) -> list[str]:
    faults = [fault for fault in found["faults"] if fault["fatal"] is fatal]
    return [f"{Path(fault['place']).name}: {fault['text']}" for fault in faults]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    root = tmp_path / "copy"
    for video in (1, 12, 13):
        miga_video(root, video)
    return root


def test_a_good_copy_is_usable_with_counts_beside_the_published(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    miga_video(copy, 54, part="test")
    code, found = prepare(copy)
    assert code == 0
    assert counts(found) == {
        "videos, with those left out": (4, 359),
        "videos with labels": (4, None),
        "of them without any gesture": (0, None),
        "frames": (48, None),
        "of them without any point": (0, None),
        "labelled clips": (8, 18_499),
        "clips of the challenge's training videos": (6, 13_670),
        "of them in its validation videos": (2, 777),
        "clips of the challenge's test videos": (2, 4_561),
        "emotion videos to train on": (1, 102),
        "emotion videos to test on": (2, 100),
    }
    assert found["faults"] == []
    shares = {row["slug"]: row for row in found["shares"]}
    assert len(shares) == 32
    assert shares["touch_face"]["share"] == shares["illustrative"]["share"] == 0.5
    assert shares["illustrative"]["published_share"] == pytest.approx(0.309)
    out = capsys.readouterr().out
    assert "labelled clips" in out
    assert "18,499" in out
    assert " 99  illustrative             4   50.00        30.90" in out


def test_all_faults_of_all_files_are_told_not_only_the_first(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = copy / "imigue_skeleton_train"
    points = openpose_35(12)
    points[3, 0, 0] = np.nan
    write_points(train / "0001" / "0001_light_hand.csv", points)
    cut = train / "0012" / "0012_light_hand.csv"
    cut.write_text(cut.read_text()[:-400])
    (train / "0013" / "0013_light_hand.csv").unlink()
    write_labels(train / "0013" / "0013_label.csv", [(8, 5, 4), (77, 0, 4), (8, "x", 4)])
    miga_video(copy, 999)
    code, found = prepare(copy)
    assert code == 2
    told = "\n".join(texts(found, fatal=True))
    for part in (
        "0001_light_hand.csv:4: column 2: expected a finite number, got 'nan'",
        "0012_light_hand.csv:12: ends within a row",
        "video 0013: its points are missing",
        "0013_label.csv:1: ends at frame 4, before its start at 5",
        "0013_label.csv:2: class: expected 1 to 31 or 99, got 77",
        "0013_label.csv:3: start_frame: expected a whole number, got 'x'",
        "video 0999: expected videos 1 to 453: it is none of iMiGUE's",
    ):
        assert part in told
    out = capsys.readouterr().out
    assert (
        out.splitlines()[-1]
        == f"not usable as it is; faults to mend, listed above: {len(found['faults'])}"
    )
    assert "wrong:" in out


def test_what_is_odd_but_usable_is_told(copy: Path) -> None:
    miga_video(copy, 218)
    miga_video(copy, 1, part="validate")
    train = copy / "imigue_skeleton_train"
    rows = [(8, 6, 15), (8, 0, 4), (8, 0, 4), (8, 2, 3), (8, 30, 40)]
    write_labels(train / "0012" / "0012_label.csv", rows)
    points = openpose_35(12)
    points[:8] = 0
    write_points(train / "0013" / "0013_light_hand.csv", points)
    code, found = prepare(copy)
    assert code == 0
    told = "\n".join(texts(found, fatal=False))
    for part in (
        "video 0218: is left out: its skeletons are broken",
        "video 0001: lies in 2 folders, one is read",
        "video 0012: clips that start before the one above them: 1",
        "video 0012: clips that repeat another exactly: 1",
        "video 0012: clips that overlap an earlier one: 1",
        "video 0012: clip 0012_0, frames 6 to 15, is beyond the 12 frames",
        "video 0012: clip 0012_4, frames 30 to 40, is beyond the 12 frames of the video: left out",
        "video 0012: all 5 clips are of class 8: placeholders?",
        "video 0013: OpenPose found nothing in 67% of its frames",
    ):
        assert part in told


def test_only_phase_1_is_told_as_that(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = prepare(copy)
    assert code == 0
    assert abilities(found) == {
        "train a recogniser": True,
        "report test figures of the challenge": False,
        "report cross-subject figures of the paper": False,
        "train and judge a reader of emotion": False,
        "count gestures and learn their order": True,
    }
    out = capsys.readouterr().out
    assert "needs all 104 test videos with labels (phase 2); 0 are there" in out
    assert "usable, but not to report test figures of the challenge" in out


def test_all_of_phase_2_gives_test_figures(tmp_path: Path) -> None:
    for video in published.MIGA_TEST:
        miga_video(tmp_path / "copy", video, part="test", frames=10)
    _, found = prepare(tmp_path / "copy")
    assert abilities(found)["report test figures of the challenge"]
    assert not abilities(found)["train a recogniser"]


def test_test_videos_without_labels_are_no_fault(copy: Path) -> None:
    miga_video(copy, 54, None, part="test")
    code, found = prepare(copy)
    assert code == 0
    assert "and 1 with points only" in str(found["abilities"])
    miga_video(copy, 14, None)
    assert prepare(copy)[0] == 2  # a training video without labels is one


def test_only_points_cannot_be_used_to_train(tmp_path: Path) -> None:
    miga_video(tmp_path / "copy", 12, None)
    code, found = prepare(tmp_path / "copy")
    assert code == 2
    assert not any(abilities(found).values())


def test_only_labels_of_the_full_release_are_told_as_that(tmp_path: Path) -> None:
    root = tmp_path / "copy"
    write_label_table(root / "Label" / "labels_1.csv", [(9, 2, 8, 0, 4, "Win")])
    code, found = prepare(root)
    assert code == 0
    assert [what for what, can in abilities(found).items() if can] == [
        "count gestures and learn their order"
    ]
    assert counts(found)["clips of training subjects"] == (1, 13_936)
    assert counts(found)["clips of test subjects"] == (0, 4_563)
    assert counts(found)["videos after a won match"] == (1, 258)


def test_the_full_release_reads_emotion_and_all_faults(tmp_path: Path, openpyxl: None) -> None:
    root = tmp_path / "copy"
    table = root / "Label" / "labels_1.csv"
    write_label_table(table, [(1, 2, 8, 0, 4, "Win"), (9, 2, 8, 0, 4, "Lose")])
    for video in (1, 9):
        path = root / "mg_skeleton_only" / f"{video:04d}" / f"{video:04d}_2.xlsx"
        write_xlsx(path, openpose_137(6).reshape(6, -1).tolist())
    code, found = prepare(root)
    assert code == 0
    assert abilities(found)["train and judge a reader of emotion"]
    assert abilities(found)["report cross-subject figures of the paper"]
    write_label_table(table, [(1, 2, 80, 0, 4, "Win"), (9, 2, 8, 0, 4, "Draw")])
    path.write_bytes(b"no workbook")
    code, found = prepare(root)
    assert code == 2
    assert len(texts(found, fatal=True)) == 3


def test_quick_reads_no_points(copy: Path) -> None:
    (copy / "imigue_skeleton_train" / "0012" / "0012_light_hand.csv").write_text("nonsense")
    assert prepare(copy)[0] == 2
    code, found = prepare(copy, "--quick")
    assert code == 0
    assert "frames" not in counts(found)


def test_packed_clips_are_looked_through(tmp_path: Path) -> None:
    points = clip_22(5)
    folder = tmp_path / "copy"
    write_stgcn(folder, stgcn([points, points]), ["0001_0", "0054_0"], [7, 31])
    code, found = prepare(folder)
    assert code == 0
    assert counts(found)["of them in its validation videos"] == (1, 777)
    assert counts(found)["clips of the challenge's test videos"] == (1, 4_561)
    points[1, 0, 0] = np.nan
    write_stgcn(folder, stgcn([clip_22(5), points]), ["0001_0", "0054_0"], [7, 31])
    code, found = prepare(folder)
    assert code == 2
    assert "0054_0: expected finite points" in texts(found, fatal=True)[0]


def test_a_pickle_that_would_run_something_is_a_fault(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    pyskl(folder / "good.pkl", [annotation("0001_0", 3, clip_22(5))])
    (folder / "bad.pkl").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    code, found = prepare(folder)
    assert code == 2
    assert texts(found, fatal=True) == ["bad.pkl: holds more than data and was not read: os.system"]
    assert counts(found)["clips"][0] == 1


def test_smg_is_looked_through(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    smg_sequence(folder, 36)
    data = smg_sequence(folder, 2, [(40, 1, 2)]) / "Sample0002_data.csv"
    write_labels(data, [(5, 28.0, 1)])
    code, found = prepare(folder)
    assert code == 2
    assert counts(found)["of them of test subjects"] == (2, 610)
    assert "class: expected 1 to 17, got 40" in texts(found, fatal=True)[0]
    assert texts(found, fatal=False) == ["sequence 2: 5 frames are stated, and its skeletons are 4"]
    assert found["shares"] == []


def test_recordings_are_looked_through(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    path = write_recording(folder / "desk.mcap", poses=30)
    table = Path(f"{path}.annotations.csv")
    table.write_text("label,start_s,end_s\ntouch_face,0.2,0.6\n")
    code, found = prepare(folder)
    assert code == 0
    assert counts(found)["annotations"] == (1, None)
    assert counts(found)["frames at 25 Hz"] == (30, None)
    table.write_text("label,start_s,end_s\ntouch_face,0.2,60\n")
    (folder / "empty.mcap").touch()
    code, found = prepare(folder)
    assert code == 2
    assert len(texts(found, fatal=True)) == 2


def test_a_foreign_folder_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["prepare", str(tmp_path)]) == 2
    assert "no data set is known by what is there (nothing)" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_exits_2(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["prepare", str(copy), "--json", str(copy)]) == 2
    assert "cannot be written" in capsys.readouterr().err
