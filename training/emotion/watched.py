"""What the engine found in one recording, and what it could have found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from engine.clock import NS_PER_S
from engine.config import ResampleConfig
from engine.errors import UsageError
from engine.messages import GestureEvent, Health, SessionInfo
from engine.wire.recording import Recording, open_recording
from engine.wire.tables import EventTable, Row
from training.datasets.faults import DataSetError, Fault
from training.datasets.text_file import read_text

StructT = TypeVar("StructT", bound=Struct)

EVENTS = ".events.jsonl"
SUMMARY = ".summary.json"
_MAX_GAP_S = ResampleConfig().max_gap_s
# Health comes once a second; a longer pause between two is a hole in the recording.
_HEALTH_HOLDS_S = 2.0


@dataclass(frozen=True)
class Watched:
    """One person in one recording.

    Attributes:
        recognizer: Which one watched, `name@model_hash`.
        events: A row for each gesture, as `engine.wire.tables.event_row`.
        seen_s: For how long the person was in view.
        covered: Slugs of the classes that the recogniser can give.
        abstained_s: Slug to the part of `seen_s` in which the view did not support the class.
    """

    recognizer: str
    events: tuple[Row, ...]
    seen_s: float
    covered: frozenset[str]
    abstained_s: Mapping[str, float]


def watch(folder: Path, name: str, stream: str = "") -> Watched:
    """What is known of a recording.

    Args:
        folder: Where it lies.
        name: `NAME.mcap`, `NAME.events.jsonl` of `analyze`, or what its files begin with.
        stream: Of a recording with several people; empty is the main one.

    Raises:
        UsageError: There is no such file, or it cannot be read.
    """
    path = folder / name
    if path.suffix == ".mcap" and path.is_file():
        return _of_recording(open_recording(path), stream)
    if not name.endswith(EVENTS):
        path = folder / f"{name}{EVENTS}"
    if not path.is_file():
        text = f"expected {name} or {path.name} in that folder, found neither"
        raise DataSetError([Fault(str(folder), text)])
    if stream:
        text = f"files of `analyze` are of one person each, so that no stream '{stream}' is in it"
        raise DataSetError([Fault(str(path), text)])
    return _of_analysis(path)


class _Summary(Struct, frozen=True, kw_only=True):
    """The part of `summary.json` that is used."""

    frames: int
    frames_with_pose: int
    media_duration_s: float
    abstained_s: dict[str, float]
    covered: frozenset[str]
    recognizer: str
    model_hash: str


class _Event(Struct, frozen=True, kw_only=True):
    """The part of a line of events that is used."""

    label: str
    t_start_s: float
    t_end_s: float | None
    score: float


def _of_analysis(path: Path) -> Watched:
    beside = path.with_name(path.name.removesuffix(EVENTS) + SUMMARY)
    if not beside.is_file():
        text = f"there is no {beside.name} beside it, which tells what could be seen; `analyze` "
        raise DataSetError([Fault(str(path), text + "writes both")])
    summary = _decoded(beside, read_text(beside), _Summary)
    lines = [line for line in read_text(path).splitlines() if line.strip()]
    rows = [_decoded(path, line, _Event) for line in lines]
    return Watched(
        recognizer=f"{summary.recognizer}@{summary.model_hash}",
        events=tuple(msgspec.to_builtins(row) for row in rows),
        seen_s=summary.media_duration_s * summary.frames_with_pose / max(summary.frames, 1),
        covered=summary.covered,
        abstained_s=summary.abstained_s,
    )


def _decoded(path: Path, text: str, kind: type[StructT]) -> StructT:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise DataSetError([Fault(str(path), f"not what `analyze` writes: {error}")]) from error


def _of_recording(recording: Recording, stream: str) -> Watched:
    stream = stream or recording.header.stream
    survey = recording.survey
    known = survey.streams or (recording.header.stream,)
    if stream not in known:
        text = f"expected one of its streams {', '.join(known)}, got '{stream}'"
        raise DataSetError([Fault(str(recording.path), text)])
    account = _Account(stream, survey.first_capture_ns or 0)
    for wired in recording.messages(("gesture", "health", "session")):
        account.take(wired.message.envelope.stream, wired.message.body)
    if account.covered is None:
        text = "is cut off before it tells which classes its recogniser covers"
        raise UsageError(f"{recording.path}: {text}")
    return Watched(
        recognizer=recording.header.recognizer,
        events=account.events(),
        seen_s=_seen_s(recording, stream),
        covered=account.covered,
        abstained_s=account.abstained_s,
    )


class _Account:
    """Follows the messages of a recording."""

    def __init__(self, stream: str, origin_ns: int) -> None:
        self._stream = stream
        self._table = EventTable(origin_ns)
        self._rows: list[Row] = []
        self._last_ns: int | None = None
        self.covered: frozenset[str] | None = None
        self.abstained_s: dict[str, float] = {}

    def take(self, stream: str, body: object) -> None:
        if isinstance(body, SessionInfo):
            self.covered = frozenset(body.covered)
        elif isinstance(body, Health):
            self._hide(body)
        elif isinstance(body, GestureEvent) and stream == self._stream:
            row = self._table.add(body, stream)
            if row is not None:
                self._rows.append(row)

    def events(self) -> tuple[Row, ...]:
        return (*self._rows, *self._table.unfinished())

    def _hide(self, health: Health) -> None:
        """What is out of view when health is told was so since it was told before."""
        own = health.streams.get(self._stream)
        abstained = own.abstained if own is not None else health.abstained
        if self._last_ns is not None:
            since_s = (health.monotonic_ns - self._last_ns) / NS_PER_S
            for slug in abstained:
                held_s = min(max(since_s, 0.0), _HEALTH_HOLDS_S)
                self.abstained_s[slug] = self.abstained_s.get(slug, 0.0) + held_s
        self._last_ns = health.monotonic_ns


def _seen_s(recording: Recording, stream: str) -> float:
    """Time with a valid pose; a stretch without samples counts as far as the engine bridges it."""
    seen_ns = 0
    before = None
    for sample in recording.pose_inputs(stream):
        if before is not None and before.valid and sample.epoch == before.epoch:
            seen_ns += min(sample.capture_ns - before.capture_ns, round(_MAX_GAP_S * NS_PER_S))
        before = sample
    return seen_ns / NS_PER_S


def hidden_s(watched: Watched, slugs: Iterable[str]) -> dict[str, float]:
    """Slug to the part of `seen_s` in which that class could not have been found."""
    told = {slug: watched.abstained_s.get(slug, 0.0) for slug in slugs}
    return {
        slug: min(abstained_s, watched.seen_s) if slug in watched.covered else watched.seen_s
        for slug, abstained_s in told.items()
        if abstained_s or slug not in watched.covered
    }
