"""Reads recordings, whole or cut off anywhere, in one pass and little memory."""

import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec
from mcap.records import Channel, Header, Message, Metadata
from msgspec import Struct

from engine.errors import FeedError, RecordingError
from engine.poses import PoseSample
from engine.topics import TOPICS
from engine.wire.encoder import Wired, check_schema, decode
from engine.wire.pose_codec import pose_sample
from engine.wire.record_stream import MAGIC, RecordStream
from engine.wire.records import (
    END_NAME,
    HEADER_NAME,
    INPUT_DECISION,
    INPUT_POSE,
    INPUT_STREAM,
    InputPose,
    RecordingEnd,
    RecordingHeader,
    SchedulerDecision,
    StreamJoined,
)
from engine.wire.survey import Survey, SurveyBuilder

StructT = TypeVar("StructT", bound=Struct)

_INPUT_POSE = msgspec.msgpack.Decoder(InputPose)
_DECISION = msgspec.msgpack.Decoder(SchedulerDecision)
_JOINED = msgspec.msgpack.Decoder(StreamJoined)


@dataclass(frozen=True)
class _Entry:
    topic: str
    data: bytes


class Recording:
    """One recording. Every iterator reads the file anew; several may run at a time.

    Iteration ends at the last whole chunk; `survey` says whether that was the end of the file.
    Made by `open_recording`.

    Attributes:
        path: The file.
        header: What was recorded, and how.
    """

    def __init__(self, path: Path, header: RecordingHeader) -> None:
        self.path = path
        self.header = header

    def pose_inputs(self, stream: str = "") -> Iterator[PoseSample]:
        """Every recorded sample of a stream that left the pose stage, in order.

        Args:
            stream: Its name; by default that of the header.

        Raises:
            RecordingError: A record is not what its checksum vouches for: another writer's.
        """
        for entry in self._entries(f"{INPUT_POSE}.{stream or self.header.stream}."):
            record = self._decode(_INPUT_POSE, entry)
            yield self._sample(record)

    def decisions(self) -> Iterator[SchedulerDecision]:
        """What the scheduler left out, in order.

        Raises:
            RecordingError: As for `pose_inputs`.
        """
        for entry in self._entries(INPUT_DECISION):
            yield self._decode(_DECISION, entry)

    def joined(self) -> dict[str, StreamJoined]:
        """How each stream took part, by its name; empty in recordings of earlier versions.

        Raises:
            RecordingError: As for `pose_inputs`.
        """
        records = (self._decode(_JOINED, entry) for entry in self._entries(INPUT_STREAM))
        return {record.stream: record for record in records}

    def messages(self, kinds: Collection[str] = tuple(TOPICS)) -> Iterator[Wired]:
        """The published messages of the given kinds, byte for byte, in order of publishing.

        Raises:
            RecordingError: As for `pose_inputs`.
        """
        for entry in self._entries(*(f"{kind}." for kind in sorted(kinds))):
            try:
                yield Wired(entry.topic, entry.data, decode(entry.topic, entry.data))
            except FeedError as error:
                raise RecordingError(f"{self.path}: {error}") from error

    @cached_property
    def survey(self) -> Survey:
        """Counts, span and damage, from one pass over the whole file.

        Raises:
            RecordingError: As for `pose_inputs`.
        """
        builder = SurveyBuilder(self.header.stream)
        with _opened(self.path) as file:
            records = _records(self.path, file)
            for entry in _entries(self.path, records, builder.end):
                self._count(builder, entry)
            lost_bytes = self.path.stat().st_size - records.good_bytes
            return builder.finish(
                damage=records.damage, lost_bytes=lost_bytes if records.damage else 0
            )

    @property
    def truncated(self) -> bool:
        """Whether it was cut off or is damaged; `survey` says how much is lost."""
        return bool(self.survey.damage)

    def _entries(self, *prefixes: str) -> Iterator[_Entry]:
        with _opened(self.path) as file:
            for entry in _entries(self.path, _records(self.path, file)):
                if entry.topic.startswith(prefixes):
                    yield entry

    def _count(self, builder: SurveyBuilder, entry: _Entry) -> None:
        if entry.topic.startswith(f"{INPUT_POSE}."):
            builder.pose_input(self._decode(_INPUT_POSE, entry))
        elif entry.topic.startswith(INPUT_DECISION):
            builder.decision(self._decode(_DECISION, entry))
        elif entry.topic.startswith(INPUT_STREAM):
            builder.joined(self._decode(_JOINED, entry))
        else:
            builder.message(entry.topic)

    def _decode(self, decoder: msgspec.msgpack.Decoder[StructT], entry: _Entry) -> StructT:
        try:
            return decoder.decode(entry.data)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RecordingError(f"{self.path}: malformed '{entry.topic}': {error}") from error

    def _sample(self, record: InputPose) -> PoseSample:
        try:
            return pose_sample(
                record.pose,
                epoch=record.epoch,
                capture_ns=record.capture_ns,
                degrade_level=record.degrade_level,
            )
        except FeedError as error:
            raise RecordingError(
                f"{self.path}: pose sample {record.pose.sample_seq}: {error}"
            ) from error


def open_recording(path: Path) -> Recording:
    """Open a recording and read its header.

    Raises:
        RecordingError: The file is missing, empty, not a recording of Fidget, cut off before
            its header ended, or of a newer schema.
    """
    with _opened(path) as file:
        return Recording(path, _header(path, file))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from error


def _header(path: Path, file: BinaryIO) -> RecordingHeader:
    records = _records(path, file)
    for record in records:
        if isinstance(record, Metadata) and record.name == HEADER_NAME:
            return _decoded_header(path, record)
        if not isinstance(record, Header):
            break
    if records.damage:
        raise RecordingError(
            f"{path}: cut off or damaged before its header ended ({records.damage}); "
            "nothing can be recovered"
        )
    raise RecordingError(
        f"{path}: an MCAP file, but not a recording of Fidget: expected '{HEADER_NAME}' first"
    )


def _decoded_header(path: Path, record: Metadata) -> RecordingHeader:
    data = _checked(record)
    if data is None:
        raise RecordingError(f"{path}: the header is damaged; nothing can be recovered")
    try:
        # The schema comes first: a newer header need not have the same fields.
        check_schema(msgspec.json.decode(data, type=_SchemaOnly).schema, str(path))
        return msgspec.json.decode(data, type=RecordingHeader)
    except msgspec.DecodeError as error:
        raise RecordingError(f"{path}: malformed header: {error}") from error
    except FeedError as error:
        raise RecordingError(str(error)) from error


class _SchemaOnly(Struct):
    schema: int


def _checked(record: Metadata) -> bytes | None:
    """The JSON of our own metadata, None if it does not match its checksum."""
    data = record.metadata.get("json", "").encode()
    return data if record.metadata.get("crc32") == f"{zlib.crc32(data):08x}" else None


def _records(path: Path, file: BinaryIO) -> RecordStream:
    size_bytes = path.stat().st_size
    magic = file.read(len(MAGIC))
    if not magic:
        raise RecordingError(f"{path}: the file is empty")
    if magic != MAGIC:
        short = len(magic) < len(MAGIC) and MAGIC.startswith(magic)
        what = "cut off in its first bytes" if short else "not a recording (no MCAP file)"
        raise RecordingError(f"{path}: {what}")
    return RecordStream(file, size_bytes)


def _entries(
    path: Path, records: RecordStream, on_end: Callable[[RecordingEnd], None] | None = None
) -> Iterator[_Entry]:
    """Messages with their topics; `on_end` gets the closing statement, if there is one."""
    topics: dict[int, str] = {}
    for record in records:
        if isinstance(record, Channel):
            topics[record.id] = record.topic
        elif isinstance(record, Message):
            if record.channel_id not in topics:
                raise RecordingError(
                    f"{path}: a message of the undeclared channel {record.channel_id}"
                )
            yield _Entry(topics[record.channel_id], record.data)
        elif on_end and isinstance(record, Metadata) and record.name == END_NAME:
            data = _checked(record)
            if data is not None:
                on_end(msgspec.json.decode(data, type=RecordingEnd))
