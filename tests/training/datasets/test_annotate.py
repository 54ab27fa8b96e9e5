from pathlib import Path

import pytest

import training.__main__ as program
from tests.training.datasets.recorded import moving, recorded
from training.datasets.annotations import Annotation, read_annotations, write_annotations
from training.datasets.elan import read_elan
from training.datasets.elan_annotations import read_elan_annotations, write_elan_annotations


def annotate(*words: str | Path) -> int:
    return program.main(["annotate", *map(str, words)])


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return recorded(tmp_path / "desk.mcap", moving(3.0, 25))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    write_annotations(path, [Annotation(8, 0.5, 1.25), Annotation(99, 1.5, 2.0)])
    return path


def test_csv_becomes_elan_and_elan_csv(
    desk: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert annotate(desk, "--from", table) == 0
    elan = Path(f"{desk}.eaf")
    assert f"wrote {elan}: 2 annotations in 3.0 s" in capsys.readouterr().err
    assert read_elan_annotations(elan) == read_annotations(table)
    assert annotate(desk, "--from", elan) == 0
    assert read_annotations(Path(f"{desk}.annotations.csv")) == read_annotations(table)


def test_all_faults_are_told_and_nothing_is_written(
    desk: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table.write_text("label,start_s,end_s\ntouch_fase,0,1\ntouch_face,2,1\n")
    assert annotate(desk, "--from", table) == 2
    told = capsys.readouterr().err
    assert "nearest are touch_face" in told
    assert "mine.csv:3" in told
    table.write_text("label,start_s,end_s\ntouch_face,0,3.05\ntouch_face,2,3.5\n")
    assert annotate(desk, "--from", table) == 2
    assert "2 s to 3.5 s: the recording has only 3.000 s" in capsys.readouterr().err
    assert not Path(f"{desk}.eaf").exists()


def test_what_is_there_is_replaced_only_on_request(
    desk: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elan, copy = Path(f"{desk}.eaf"), desk.with_name("copy.csv")
    write_elan_annotations(elan, [Annotation(20, 0, 1)], "words")
    assert annotate(desk, "--from", table) == 0  # another tier is in nobody's way
    assert read_elan(elan).tiers == ("words", "gestures")
    assert annotate(desk, "--from", table) == 2
    assert "has a tier 'gestures' already" in capsys.readouterr().err
    copy.write_text("mine")
    assert annotate(desk, "--from", elan, "--to", copy) == 2
    assert copy.read_text() == "mine"
    for words in (("--from", table), ("--from", elan, "--to", copy)):
        assert annotate(desk, *words, "--overwrite") == 0
    assert read_annotations(copy) == read_annotations(table)


def test_a_tier_can_be_named(desk: Path, table: Path) -> None:
    assert annotate(desk, "--from", table, "--tier", "second") == 0
    elan = Path(f"{desk}.eaf")
    assert read_elan(elan).tiers == ("second",)
    write_elan_annotations(elan, [])
    out = desk.with_name("out.csv")
    assert annotate(desk, "--from", elan, "--tier", "second", "--to", out) == 0
    assert len(read_annotations(out)) == 2


def test_another_kind_of_file_and_a_missing_recording_exit_2(
    desk: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        annotate(desk, "--from", "a.txt")
    assert stopped.value.code == 2
    assert "expected a file .eaf or .csv" in capsys.readouterr().err
    assert annotate(desk.with_name("no.mcap"), "--from", table) == 2
    assert "cannot be read" in capsys.readouterr().err
