"""Rows of the files that people open: closed events and emotion estimates, in seconds.

Live `export` and offline `analyze` share these, so that both give the same files.
"""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import msgspec

from engine.clock import NS_PER_S
from engine.messages import EmotionEstimate, GestureEvent

Row = dict[str, Any]

EVENT_COLUMNS = ("id", "stream", "label_id", "label", "group", "t_start_s", "t_end_s", "score")
EMOTION_COLUMNS = ("t_s", "p_positive", "p_negative", "p_unknown", "valid", "reason")


def event_row(event: GestureEvent, origin_ns: int, stream: str) -> Row:
    """One gesture; its end is None while it has not ended.

    Args:
        event: Its newest state.
        origin_ns: `capture_ns` of the session's first pose sample: media time 0.
        stream: Name of the camera or person.
    """
    return {
        "id": event.id,
        "stream": stream,
        "label_id": event.label_id,
        "label": event.label,
        "group": event.group,
        "t_start_s": _seconds(event.t_start_ns, origin_ns),
        "t_end_s": None if event.t_end_ns is None else _seconds(event.t_end_ns, origin_ns),
        "score": round(event.score, 4),
    }


def emotion_row(estimate: EmotionEstimate, origin_ns: int) -> Row:
    """One estimate; `origin_ns` as in `event_row`."""
    return {
        "t_s": _seconds(estimate.t_ns, origin_ns),
        "p_positive": round(estimate.p_positive, 6),
        "p_negative": round(estimate.p_negative, 6),
        "p_unknown": round(estimate.p_unknown, 6),
        "valid": estimate.valid,
        "reason": estimate.reason,
    }


class EventTable:
    """From the states of gestures to one row each.

    Args:
        origin_ns: As in `event_row`.
    """

    def __init__(self, origin_ns: int) -> None:
        self._origin_ns = origin_ns
        self._open: dict[str, tuple[GestureEvent, str]] = {}

    def add(self, event: GestureEvent, stream: str) -> Row | None:
        """Take one state of a gesture of a stream; the row once it has ended."""
        if event.state != "end":
            self._open[event.id] = event, stream
            return None
        self._open.pop(event.id, None)
        return event_row(event, self._origin_ns, stream)

    def unfinished(self) -> list[Row]:
        """Rows of gestures whose end never came, by start: `t_end_s` is None."""
        still = sorted(self._open.values(), key=lambda each: (each[0].t_start_ns, each[0].id))
        return [event_row(event, self._origin_ns, stream) for event, stream in still]


def write_jsonl(path: Path, rows: Iterable[Row]) -> int:
    """One JSON object a line; the file appears only when it is whole.

    Returns:
        How many rows.

    Raises:
        OSError: It cannot be written.
    """
    count = 0
    with _whole_file(path) as file:
        for row in rows:
            file.write(msgspec.json.encode(row).decode() + "\n")
            count += 1
    return count


def write_csv(path: Path, columns: tuple[str, ...], rows: Iterable[Row]) -> int:
    """A table with a header line; None becomes an empty cell, truth `true` or `false`.

    Returns:
        How many rows.

    Raises:
        OSError: It cannot be written.
    """
    count = 0
    with _whole_file(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_cell(row[column]) for column in columns])
            count += 1
    return count


@contextmanager
def _whole_file(path: Path) -> Iterator[TextIO]:
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _seconds(t_ns: int, origin_ns: int) -> float:
    return round((t_ns - origin_ns) / NS_PER_S, 6)


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
