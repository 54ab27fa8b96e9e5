import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import onnx
import pytest

import training.__main__ as program
from engine.labels import BY_ID
from plugins.recognizers.graph.metadata import decode
from tests.training.toys import toy_config, toy_folder
from training.fitting.run_folder import RunFolder
from training.runs.config_file import write_config

SAMPLE = str(Path(__file__).parents[2] / "samples" / "sample.mcap")


def call(*words: str | Path) -> int:
    return program.main([str(word) for word in words])


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_folder(tmp_path_factory.mktemp("toy") / "shards")


@pytest.fixture(scope="module")
def config(shards: Path) -> Path:
    path = shards.parent / "toy.json"
    write_config(path, toy_config(data__folder=str(shards)))
    return path


@pytest.fixture(scope="module")
def trained(config: Path) -> Path:
    path = config.parent / "run"
    assert call("train", "--run", path, "--config", config, "--set", "optim.epochs=4") == 0
    return path


@pytest.mark.parametrize("module", program.COMMANDS, ids=lambda module: module.__name__)
def test_every_command_has_help_with_an_example(
    module: object, capsys: pytest.CaptureFixture[str]
) -> None:
    name = str(getattr(module, "__name__", "")).rpartition(".")[2].replace("_", "-")
    with pytest.raises(SystemExit) as stopped:
        call(name, "--help")
    assert stopped.value.code == 0
    assert f"Example: python -m training {name}" in " ".join(capsys.readouterr().out.split())


def test_a_run_is_trained_calibrated_and_exported(trained: Path) -> None:
    folder = RunFolder(trained)
    for path in (folder.weights, folder.calibration, folder.curves, folder.onnx):
        assert path.stat().st_size > 0, path
    assert folder.config().optim.epochs == 4
    assert len(folder.log()) == 4


def test_a_run_is_evaluated(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("evaluate", "--run", trained, "--classes", "touch_face,fold_arms") == 0
    assert "Frame mAP" in capsys.readouterr().out
    figures = msgspec.json.decode((trained / "metrics.test.json").read_bytes())
    assert set(figures["events"]) == {"0.1", "0.3", "0.5"}
    for name in ("metrics.test.md", "test_confusion.png", "test_classes.png"):
        assert (trained / name).stat().st_size > 0


def test_a_finished_run_may_be_resumed(trained: Path) -> None:
    before = (trained / "weights.npz").read_bytes()
    assert call("train", "--run", trained, "--resume", "--no-finish") == 0
    assert (trained / "weights.npz").read_bytes() == before


def test_damaged_weights_are_named(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied = tmp_path / "run"
    shutil.copytree(trained, copied)
    (copied / "weights.npz").write_bytes((trained / "weights.npz").read_bytes()[:-500])
    assert call("export", "--run", copied) == 2
    assert "weights.npz" in capsys.readouterr().err


def test_the_same_run_gives_the_same_file(trained: Path, tmp_path: Path) -> None:
    for name in ("a.onnx", "b.onnx"):
        assert call("export", "--run", trained, "--out", tmp_path / name) == 0
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()
    metadata = decode(
        {p.key: p.value for p in onnx.load(tmp_path / "a.onnx").metadata_props}, "a.onnx"
    )
    assert metadata.provenance.simulator == "toy"
    assert set(metadata.operating_points) == {BY_ID[label].slug for label in metadata.covered}


def test_variants_are_compared(
    config: Path, shards: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (
        *("ablate", "--shards", shards, "--out", tmp_path / "ablation", "--config", config),
        *("--seeds", "1", "--variants", "joints-only,clip-only", "--set", "optim.epochs=1"),
    )
    assert call(*words) == 0
    table = (tmp_path / "ablation" / "ablation.md").read_text("utf-8")
    assert "`joints-only`" in table
    assert "`clip-only`" in table
    capsys.readouterr()
    assert call(*words) == 0  # all is there: nothing is trained again
    assert "steps in" not in capsys.readouterr().err
    assert call(*words[:-1], "optim.epochs=2") == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("train", "--run", "new", "--shards", "nowhere"), "no shards there"),
        (("train", "--run", "new", "--set", "optim.lr"), "KEY=VALUE"),
        (("train", "--run", "new", "--set", "optim.rate=1"), "no such key"),
        (("train", "--run", "new", "--set", "optim.lr=-1"), "optim.lr"),
        (("train", "--run", "new", "--set", 'network.channels=["seen"]'), "must begin with"),
        (("train", "--run", "new", "--config", "nothing.json"), "cannot be read"),
        (("train", "--run", "new", "--resume"), "no run lies there"),
        (("calibrate", "--run", "new"), "no run lies there"),
        (("export", "--run", "new"), "no run lies there"),
        (("evaluate", "--run", "new", "--classes", "nodding"), "nodding"),
        (("ablate", "--shards", "a", "--out", "b", "--variants", "no-brain"), "no-brain"),
        (("film", "nodding", "--out", "films"), "nodding"),
        (("precision", "m.onnx", "--to", "int8", "--judge", SAMPLE), "cannot be judged on"),
    ],
)
def test_what_makes_no_sense_is_said_and_exits_2(
    words: Sequence[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(*words) == 2
    assert message in capsys.readouterr().err


def test_a_device_that_is_not_there_exits_5(config: Path, tmp_path: Path) -> None:
    assert call("train", "--run", tmp_path, "--config", config, "--device", "cuda:99") == 5


def test_a_missing_extra_is_one_sentence_with_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "find_spec", lambda name: None if name == "torch" else object())
    assert call("export", "--run", "new") == 2
    message = capsys.readouterr().err
    assert "pip install '.[training]'" in message
    assert message.count("\n") == 1


_WITHOUT_EXTRA = """
import sys
from importlib.abc import MetaPathFinder
import importlib.util

EXTRA = ("torch", "onnx", "onnxscript", "matplotlib", "openpyxl")

class Missing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in EXTRA:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

sys.meta_path.insert(0, Missing())
from training.__main__ import main
print(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "words",
    [
        ("synthesize", "--out", "made", "--videos", "1", "--seconds", "5"),
        ("prepare", "made"),
        ("annotate", SAMPLE, "--from", "labels.csv", "--to", "labels.eaf"),
        (
            *("simulate", "--out", "shards", "--hours", "1e-9", "--validation-hours", "1e-9"),
            *("--test-hours", "1e-9", "--seconds", "2"),
        ),
    ],
    ids=lambda words: words[0],
)
def test_data_need_nothing_beyond_what_the_engine_has(words: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("label,start_s,end_s\ntouch_jaw,1.0,2.0\n", "utf-8")
    if words[0] == "prepare":
        assert (
            call("synthesize", "--out", tmp_path / "made", "--videos", "2", "--seconds", "9") == 0
        )
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_EXTRA, *words],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1:] == ["0"], done.stderr
