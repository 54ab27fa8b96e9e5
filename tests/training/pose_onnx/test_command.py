"""`python -m training pose-onnx`, from the arguments to the files."""

import hashlib
from dataclasses import replace
from pathlib import Path

import onnx
import pytest

import training.__main__ as program
import training.commands.pose_onnx as command
from engine.errors import ModelError
from plugins.pose.direct.network_files import modules_folder
from training.pose_onnx.make import make_onnx
from training.pose_onnx.networks import NETWORKS

RECROP, HAND = NETWORKS["hand_recrop"], NETWORKS["hand_landmark_lite"]


def call(*words: str | Path) -> int:
    return program.main(["pose-onnx", *map(str, words)])


def test_the_same_wheel_gives_the_same_files(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        words = ("--out", tmp_path / folder, "--network", RECROP.name, HAND.name)
        assert call(*words) == 0
    for network in (RECROP, HAND):
        first, second = (tmp_path / f / f"{network.name}.onnx" for f in ("a", "b"))
        assert first.read_bytes() == second.read_bytes()


def test_a_file_says_what_it_was_made_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("--out", tmp_path, "--network", HAND.name, "--keep", "flag", "landmarks") == 0
    model = onnx.load(tmp_path / f"{HAND.name}.onnx")
    told = {entry.key: entry.value for entry in model.metadata_props}
    original = (modules_folder() / HAND.file).read_bytes()
    assert told["source"] == "hand_landmark/hand_landmark_lite.tflite"
    assert told["source_sha256"] == hashlib.sha256(original).hexdigest()
    assert told["mediapipe"] == "0.10.21"
    assert told["input"] == "RGB, 0 to 1"
    assert {"fidget", "converter"} < set(told)
    assert [output.name for output in model.graph.output] == ["landmarks", "flag"]
    printed = capsys.readouterr().err
    assert f"{HAND.name}.onnx: 3.94 MB" in printed
    assert "landmarks (px): differs by" in printed
    assert "handedness" not in printed


def test_by_default_what_the_pose_stage_does_not_use_is_left_out() -> None:
    assert NETWORKS["pose_landmark_full"].kept == ("landmarks", "flag", "heatmap")
    assert all(n.kept == tuple(o.name for o in n.outputs) for n in (RECROP, HAND))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--keep", "flag"), "--keep names outputs of one network"),
        (("--network", RECROP.name, "--keep", "flag"), "expected some of points"),
    ],
)
def test_outputs_that_are_not_there_exit_2(
    words: tuple[str, ...], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("--out", tmp_path, *words) == 2
    assert message in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


def test_a_folder_that_cannot_be_made_exits_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert call("--out", tmp_path / "file", "--network", RECROP.name) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_damaged_wheel_is_one_message_and_exit_4(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = tmp_path / RECROP.file
    cut.parent.mkdir()
    cut.write_bytes((modules_folder() / RECROP.file).read_bytes()[:5000])
    monkeypatch.setattr(command, "modules_folder", lambda: tmp_path)
    assert call("--out", tmp_path / "out", "--network", RECROP.name) == 4
    message = capsys.readouterr().err
    assert f"{cut}: is truncated or damaged" in message
    assert message.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_another_network_under_its_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / RECROP.file).parent.mkdir()
    (tmp_path / RECROP.file).write_bytes((modules_folder() / HAND.file).read_bytes())
    with pytest.raises(ModelError, match=r"hand_recrop\.tflite: expected 1 outputs, got 4"):
        make_onnx(RECROP, ["points"], tmp_path, tmp_path / "out")


def test_nothing_is_written_that_differs_too_much(tmp_path: Path) -> None:
    (points,) = RECROP.outputs
    strict = replace(RECROP, outputs=(replace(points, limit=0.0),))
    with pytest.raises(ModelError, match=r"got points \(px\) by .* nothing was written"):
        make_onnx(strict, ["points"], modules_folder(), tmp_path / "out")
    assert not (tmp_path / "out").exists()
