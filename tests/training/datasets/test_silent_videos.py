"""A video without any gesture is left out of protocols that cannot place it, and told."""

from pathlib import Path

import pytest

from engine.errors import UsageError
from tests.training.clips.sets import Given, poses_of, upright
from training.__main__ import main
from training.clips.protocols import clip_split
from training.datasets.dataset import Outcome, Video
from training.datasets.labelled_clip import LabelledClip
from training.emotion.models import CONSTANT, models
from training.emotion.study import Study, by_protocol
from training.synthetic.release import synthesize

GESTURE = (8, 2, 9)


def data(*videos: Video, silent: int) -> Given:
    poses = poses_of(upright(20))
    return Given(
        {
            video: (
                poses,
                [] if video.number == silent else [LabelledClip(video.number, 0, *GESTURE)],
            )
            for video in videos
        }
    )


def people(*subjects: int | None) -> list[Video]:
    return [Video(20 + n, subject=subject) for n, subject in enumerate(subjects)]


def test_cross_subject_leaves_out_who_makes_no_gesture_and_is_in_no_table() -> None:
    split = clip_split(data(*people(2, None, 1), silent=21), "cross-subject")
    assert (split.train, split.test, split.left_out) == ((20,), (22,), (21,))


def test_who_is_known_is_kept_without_any_gesture_and_so_is_everybody_by_video() -> None:
    split = clip_split(data(*people(2, 2, 1), silent=21), "cross-subject")
    assert (split.train, split.left_out) == ((20, 21), ())
    videos = [Video(n, subject) for n, subject in ((20, 2), (21, None), (54, 1))]
    split = clip_split(data(*videos, silent=21), "miga")
    assert (split.train, split.left_out) == ((20, 21), ())


def test_a_table_that_lacks_somebody_who_makes_gestures_is_still_refused() -> None:
    with pytest.raises(UsageError, match="1 have none, such as 21"):
        clip_split(data(*people(2, None, 1), silent=22), "cross-subject")
    with pytest.raises(UsageError, match="needs a known subject for every video; 2 have none"):
        clip_split(data(*people(None, None), silent=21), "cross-subject")


def outcomes(*known: Outcome | None) -> list[Video]:
    numbers = (1, 7, 9, 10, 12)
    return [Video(n, outcome=own) for n, own in zip(numbers, known, strict=True)]


def study(given: Given) -> Study:
    only = {CONSTANT: models()[CONSTANT]}
    return by_protocol(given, only, synthetic=False, disjoint=False, seed=0, tell=lambda _: None)


def test_emotion_leaves_out_a_video_of_which_no_table_tells_the_end() -> None:
    found = study(data(*outcomes("win", "lose", "win", "lose", None), silent=12))
    assert [one.name for one in (*found.train, *found.test)] == ["0001", "0007", "0009", "0010"]
    assert found.left_out == (12,)


def test_emotion_still_refuses_a_table_that_lacks_a_video_with_gestures() -> None:
    with pytest.raises(UsageError, match="how the match of video 12 went is not known"):
        study(data(*outcomes("win", "lose", "win", "lose", None), silent=1))
    with pytest.raises(UsageError, match="how the match of video 1 went is not known"):
        study(data(*outcomes(None, None, None, None, None), silent=1))


def test_the_commands_tell_what_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    list(synthesize(folder, 12, 14.0))
    _silence(folder, 12)
    words = ("--data", str(folder), "--run", str(tmp_path / "run"), "--set", "sizes.hidden=8")
    assert main(["train", "--model", "lstm", *words, "--epochs", "1", "--no-finish"]) == 0
    told = " ".join(capsys.readouterr().err.split())
    assert (
        "left out, as nobody makes a gesture there and no table tells who is in them: 0012" in told
    )
    main(["prepare", str(folder), "--quick"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-2:] for line in lines if "of them without any gesture" in line] == [
        ["1", "-"]
    ]
    assert any("video 0012: nobody makes a gesture in it" in line for line in lines)


def _silence(folder: Path, video: int) -> None:
    """Empty the label file of a video, and take its rows out of the table."""
    for path in folder.glob(f"*/{video:04d}/{video:04d}_label.csv"):
        path.write_text("")
    table = folder / "Label" / "labels_20200831.csv"
    rows = table.read_text().splitlines(keepends=True)
    table.write_text("".join(row for row in rows if not row.startswith(f"{video},")))
