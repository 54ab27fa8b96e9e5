import csv
import json
from pathlib import Path

import msgspec
import pytest

from engine.errors import UsageError
from engine.wire.export import export_recording
from engine.wire.recording import open_recording
from engine.wire.recording_writer import RecordingWriter
from engine.wire.tables import (
    EMOTION_COLUMNS,
    EVENT_COLUMNS,
    EventTable,
    emotion_row,
    event_row,
    write_csv,
    write_jsonl,
)
from tests.wire import samples

_S = 1_000_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A gesture from start to end, one that never ended, an estimate."""
    path = tmp_path / "rec.mcap"
    writer = RecordingWriter(path, samples.header())
    encoder = samples.encoder()
    writer.write_pose(samples.pose(), samples.START_NS)
    late = samples.gesture(id_="main-0-2", t_start_ns=samples.START_NS + 2 * _S)
    update = msgspec.structs.replace(late, state="update", score=0.5)
    for body in (samples.gesture(), late, samples.gesture("end"), update):
        writer.write_message(samples.wire(encoder, "gesture_start", body), samples.START_NS)
    writer.write_message(samples.wire(encoder, "emotion"), samples.START_NS)
    writer.flush()
    writer.abandon()
    return path


CLOSED = {
    "id": "main-0-1",
    "stream": "main",
    "label_id": 4,
    "label": "scratch_head",
    "group": "Head-Hand",
    "t_start_s": 1.0,
    "t_end_s": 2.5,
    "score": 0.75,
}
UNFINISHED = {**CLOSED, "id": "main-0-2", "t_start_s": 2.0, "t_end_s": None, "score": 0.5}


def test_jsonl_has_a_line_for_each_event_and_does_not_hide_unfinished_ones(
    path: Path, tmp_path: Path
) -> None:
    files = export_recording(open_recording(path), tmp_path / "out", "jsonl")
    assert [file.name for file in files] == ["rec.mcap.events.jsonl", "rec.mcap.emotion.jsonl"]
    lines = [json.loads(line) for line in files[0].read_text().splitlines()]
    assert lines == [CLOSED, UNFINISHED]
    assert list(lines[0]) == list(EVENT_COLUMNS)
    (estimate,) = [json.loads(line) for line in files[1].read_text().splitlines()]
    assert estimate == emotion_row(samples.emotion(), samples.START_NS)


def test_csv_has_the_same_rows(path: Path, tmp_path: Path) -> None:
    events, emotion = export_recording(open_recording(path), tmp_path / "out", "csv")
    with events.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["t_end_s"] for row in rows] == ["2.5", ""]
    assert list(rows[0]) == list(EVENT_COLUMNS)
    assert emotion.read_bytes() == (
        b"t_s,p_positive,p_negative,p_unknown,valid,reason\n3.0,0.25,0.375,0.375,true,\n"
    )


def test_of_several_streams_each_event_has_its_own_and_each_has_its_estimates(
    tmp_path: Path,
) -> None:
    writer = RecordingWriter(tmp_path / "rec.mcap", samples.header())
    encoder = samples.encoder()
    for stream in ("main", "main-2"):
        writer.write_pose(samples.pose(), samples.START_NS, stream)
        ended = samples.gesture("end", id_=f"{stream}-0-1")
        estimate = msgspec.structs.replace(samples.emotion(), p_unknown=0.1 * len(stream))
        for kind, body in (("gesture", ended), ("emotion", estimate)):
            wired = encoder.encode(
                kind, body, stream=stream, epoch=0, capture_ns=samples.START_NS, decided_ns=0
            )
            writer.write_message(wired, samples.START_NS)
    writer.finish({})
    recording = open_recording(tmp_path / "rec.mcap")
    events, *emotions = export_recording(recording, tmp_path / "out", "jsonl")
    rows = [json.loads(line) for line in events.read_text().splitlines()]
    assert [row["stream"] for row in rows] == ["main", "main-2"]
    told = [json.loads(file.read_text())["p_unknown"] for file in emotions]
    assert {file.name: each for file, each in zip(emotions, told, strict=True)} == {
        "rec.mcap.emotion.jsonl": 0.4,
        "rec.mcap.main-2.emotion.jsonl": 0.6,
    }


def test_without_estimates_there_is_no_emotion_file(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "rec.mcap", samples.header())
    writer.finish({})
    (events,) = export_recording(open_recording(tmp_path / "rec.mcap"), tmp_path / "out", "csv")
    assert events.read_text() == ",".join(EVENT_COLUMNS) + "\n"


def test_an_unknown_format_is_refused(path: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'xlsx': expected one of csv, jsonl"):
        export_recording(open_recording(path), tmp_path, "xlsx")


def test_a_folder_that_cannot_be_is_refused(path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        export_recording(open_recording(path), path / "out", "csv")


def test_a_failure_in_between_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.jsonl"
    write_jsonl(target, [{"a": 1}])

    def rows() -> "list[dict[str, int]]":
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_jsonl(target, (row for _ in range(1) for row in rows()))
    assert target.read_text() == '{"a":1}\n'
    assert list(tmp_path.iterdir()) == [target]


def test_cells_with_commas_quotes_and_line_breaks_survive(tmp_path: Path) -> None:
    reason = 'a, "b"\nc; ü'
    assert write_csv(tmp_path / "a.csv", ("x", "y"), [{"x": reason, "y": None}]) == 1
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [["x", "y"], [reason, ""]]


def test_rows_count_seconds_from_the_origin() -> None:
    row = event_row(samples.gesture("end"), samples.START_NS + 1, "main")
    assert (row["t_start_s"], row["t_end_s"]) == (1.0, 2.5)  # to the microsecond
    row = emotion_row(samples.emotion(), samples.START_NS + 4 * _S)
    assert row["t_s"] == -1.0
    assert tuple(row) == EMOTION_COLUMNS


def test_an_event_whose_start_was_lost_still_gets_its_row() -> None:
    table = EventTable(samples.START_NS)
    assert table.add(samples.gesture("end"), "main") == CLOSED
    assert table.unfinished() == []
