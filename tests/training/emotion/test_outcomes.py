"""How recordings ended, as a csv file says it."""

from pathlib import Path

import pytest

from training.datasets.faults import DataSetError
from training.emotion.outcomes import Outcome, read_outcomes


def written(folder: Path, text: str) -> Path:
    path = folder / "outcomes.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_lines_are_read_in_their_order(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "subject,recording,outcome,stream\nann,a.mcap,positive,\nbob,a.mcap,negative,desk-2\n",
    )
    assert read_outcomes(path) == (
        Outcome("a.mcap", True, "ann"),
        Outcome("a.mcap", False, "bob", "desk-2"),
    )


def test_all_faults_are_told_with_their_lines(tmp_path: Path) -> None:
    lines = ["a,positive,ann", "b,won,ann", ",negative,ann", "c,negative,", "a,negative,bob"]
    with pytest.raises(DataSetError) as raised:
        read_outcomes(written(tmp_path, "\n".join(["recording,outcome,subject", *lines])))
    told = [str(fault).rpartition("outcomes.csv")[2] for fault in raised.value.faults]
    assert told == [
        ":3: expected the outcome positive or negative, got 'won'",
        ":4: expected a recording, got none",
        ":5: expected a subject, got none",
        ":6: 'a' is named twice",
    ]


def test_a_recording_is_named_once_whichever_of_its_files_is_named(tmp_path: Path) -> None:
    lines = ["recording,outcome,subject", "a.mcap,positive,ann", "a.mcap.events.jsonl,negative,ann"]
    with pytest.raises(DataSetError, match="is named twice"):
        read_outcomes(written(tmp_path, "\n".join(lines)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("recording,outcome\na,positive\n", "subject is missing"),
        ("", "recording, outcome, subject is missing"),
        ("recording,outcome,subject\n", "expected a line for each recording"),
    ],
)
def test_a_file_without_what_is_needed_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DataSetError, match=told):
        read_outcomes(written(tmp_path, text))
