"""From a recording to files for other programs."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from engine.errors import UsageError
from engine.wire.recording import Recording
from engine.wire.tables import (
    EMOTION_COLUMNS,
    EVENT_COLUMNS,
    EventTable,
    Row,
    emotion_row,
    write_csv,
    write_jsonl,
)

FORMATS = ("csv", "jsonl")


def export_recording(recording: Recording, out: Path, form: str) -> list[Path]:
    """Write `NAME.events.FORM` and, if emotion was estimated, `NAME.emotion.FORM`.

    Of several streams the estimates of all but the first go into `NAME.STREAM.emotion.FORM`.
    Seconds count from the session's first pose sample. A gesture whose end is not in the
    recording (it was cut off, or the recorder lost that message) is the last in the table, with
    an empty end: it was seen, so it is not left out, and nobody knows when it ended.

    Args:
        recording: The recording; may be cut off.
        out: Folder; made when missing.
        form: One of `FORMATS`.

    Returns:
        The files, which replace older ones of the same name.

    Raises:
        UsageError: The format is unknown or the folder cannot be written.
        RecordingError: The recording is malformed.
    """
    if form not in FORMATS:
        raise UsageError(f"unknown format '{form}': expected one of {', '.join(FORMATS)}")
    origin_ns = recording.survey.first_capture_ns or 0
    tables: list[tuple[str, tuple[str, ...], Callable[[], Iterator[Row]]]] = [
        ("events", EVENT_COLUMNS, lambda: event_rows(recording, origin_ns)),
    ]
    if "emotion" in recording.survey.messages:
        for stream in recording.survey.streams or (recording.header.stream,):
            name = "emotion" if stream == recording.header.stream else f"{stream}.emotion"
            rows = partial(emotion_rows, recording, origin_ns, stream)
            tables.append((name, EMOTION_COLUMNS, rows))
    files = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, columns, made in tables:
            path = out / f"{recording.path.name}.{name}.{form}"
            if form == "csv":
                write_csv(path, columns, made())
            else:
                write_jsonl(path, made())
            files.append(path)
    except OSError as error:
        raise UsageError(f"{out}: cannot be written: {error.strerror}") from error
    return files


def event_rows(recording: Recording, origin_ns: int) -> Iterator[Row]:
    """Rows of all gestures, in the order in which they ended; unfinished ones last."""
    table = EventTable(origin_ns)
    for wired in recording.messages(("gesture",)):
        row = table.add(wired.message.body, wired.message.envelope.stream)
        if row is not None:
            yield row
    yield from table.unfinished()


def emotion_rows(recording: Recording, origin_ns: int, stream: str) -> Iterator[Row]:
    """Rows of all estimates of a stream."""
    for wired in recording.messages(("emotion",)):
        if wired.message.envelope.stream == stream:
            yield emotion_row(wired.message.body, origin_ns)
