"""Annotated gestures as sequences, and the command over them."""

from pathlib import Path

import pytest

from engine.emotion_weights import load_weights
from engine.errors import UsageError
from tests.training.clips.sets import Given, poses_of, upright
from training.__main__ import main
from training.datasets.dataset import Video
from training.datasets.labelled_clip import LabelledClip
from training.emotion.annotated import annotated
from training.synthetic.release import synthesize


def test_gestures_come_in_order_of_time_and_frames_without_a_pose_are_not_watched() -> None:
    clips = [LabelledClip(5, 0, 99, 50, 74), LabelledClip(5, 1, 8, 10, 19)]
    video = Video(5, subject=7, outcome="lose")
    data = Given({video: (poses_of(upright(100), failed=range(75, 100)), clips)})
    (one,) = annotated(data, [5])
    assert one.classes.tolist() == [7, 31]
    assert one.start_s.tolist() == pytest.approx([0.4, 2.0])
    assert one.end_s.tolist() == pytest.approx([0.8, 3.0])
    assert one.seen_s == pytest.approx(3.0)
    assert (one.positive, one.subject, one.name) == (False, "subject 7", "0005")


def test_a_match_that_nobody_knows_the_end_of_is_told() -> None:
    data = Given({Video(5): (poses_of(upright(10)), [])})
    with pytest.raises(UsageError, match="how the match of video 5 went is not known"):
        annotated(data, [5])


def test_the_command_prints_table_weights_and_leakage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    list(synthesize(folder, 36, 14.0))
    out = tmp_path / "weights.json"
    assert main(["emotion", "--data", str(folder), "--weights", "--out", str(out)]) == 0
    told = capsys.readouterr()
    weights = load_weights(out, allow_synthetic=True)
    assert (weights.synthetic, weights.gestures) == (True, "annotators")
    assert weights.held_out is not None
    assert weights.held_out.videos == 12
    assert weights.identity in told.err.replace("\n", "")
    assert "not comparable with published" in " ".join(told.out.split())
    assert told.out.count("published") == 2  # in the title, and above a column
    assert "touch_jaw" in told.out
    assert "10 of 12 emotion test videos are training videos" in told.err
