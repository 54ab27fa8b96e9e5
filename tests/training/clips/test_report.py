"""What is told of one trained model."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from engine.errors import UsageError
from tests.training.clips.sets import parts_of_waving, run_config, waving
from training.clips.comparison import row
from training.clips.judging import CONSTANT, Judged
from training.clips.report import ClipReport, confusion, reported
from training.clips.report_files import write_report
from training.clips.results_table import append
from training.clips.run_folder import ClipRunFolder
from training.labels import CLASS_NAMES


def given() -> ClipReport:
    """Of two clips of class 0 one is taken for 3; both of class 3 are named right."""
    test = replace(waving(4, (0, 1)), labels=np.array([0, 0, 3, 3]))
    scores = np.eye(32, dtype=np.float32)[[0, 3, 3, 3]]
    rows = (row(Judged("one", scores), test), row(Judged(CONSTANT, scores * 0), test))
    return ClipReport(rows, confusion(test.labels, scores), people=6)


def test_each_class_is_told_with_what_it_is_taken_for() -> None:
    assert list(given().class_rows()) == [
        (CLASS_NAMES[0], "2", "1 (50 %)", f"{CLASS_NAMES[3]} (1)"),
        (CLASS_NAMES[3], "2", "2 (100 %)", "-"),
    ]
    told = given().as_dict()
    assert told["classes"][CLASS_NAMES[0]] == {"clips": 2, "right": 1}
    assert told["confusion"][0][3] == 1
    assert given().clips == 4
    assert "6 people are too narrow" in given().caution


def test_an_encoder_is_reported_by_each_way_to_read_it_beside_the_constant_class() -> None:
    parts = parts_of_waving()
    assert parts.test is not None
    report = reported(run_config("us-vae-causal").built().eval(), parts.train, parts.test)
    assert [one.name for one in report.rows] == [
        "us-vae-causal, linear probe", "us-vae-causal, nearest neighbour", CONSTANT,
    ]  # fmt: skip
    probe = report.rows[0].figures.top1.value
    assert probe == pytest.approx(np.trace(report.confusion) / len(parts.test))
    assert report.people == 3


def test_files_hold_the_figures(tmp_path: Path) -> None:
    folder = ClipRunFolder(tmp_path)
    write_report(given(), folder, "test", "a title")
    told = msgspec.json.decode(folder.metrics("test").read_bytes())
    assert told["title"] == "a title"
    assert told["figures"]["one"]["top1"]["value"] == pytest.approx(0.75)
    assert told["figures"]["one"]["top1"]["low"] < 0.75
    text = folder.metrics("test").with_suffix(".md").read_text("utf-8")
    assert f"| {CLASS_NAMES[0]} | 2 | 1 (50 %) | {CLASS_NAMES[3]} (1) |" in text
    assert folder.confusion("test").stat().st_size > 0
    with pytest.raises(UsageError, match="cannot be written"):
        write_report(given(), ClipRunFolder(tmp_path / "nowhere"), "test", "a title")


def test_a_table_with_other_columns_is_not_added_to(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    append(path, given().rows, protocol="miga")
    append(path, given().rows, protocol="miga")
    assert len(path.read_text("utf-8").splitlines()) == 5
    path.write_text("model,figure\n", "utf-8")
    with pytest.raises(UsageError, match="other columns"):
        append(path, given().rows)
