"""Writes one recording, MCAP, chunk by chunk. No threads: see `engine.wire.recorder` for those."""

import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Protocol, cast

import mcap.writer
import msgspec
from msgspec import Struct

from engine.clock import ClockPair
from engine.errors import RecordingError
from engine.messages import SCHEMA_VERSION
from engine.poses import PoseSample
from engine.topics import topic_name, topic_of
from engine.wire.encoder import Wired, encode_struct
from engine.wire.pose_codec import pose_body
from engine.wire.records import (
    END_NAME,
    HEADER_NAME,
    INPUT_DECISION,
    INPUT_POSE,
    INPUT_STREAM,
    PROFILE,
    InputPose,
    RecordingEnd,
    RecordingHeader,
    SchedulerDecision,
    StreamJoined,
)

# A chunk is lost as a whole when the process is killed, so it stays small.
_CHUNK_BYTES = 64 * 1024
_SEQUENCE_MASK = 0xFFFF_FFFF  # MCAP's own sequence field has 32 bits


class RawFile(Protocol):
    """The part of an unbuffered binary file that is used."""

    def write(self, data: memoryview, /) -> int | None:
        """Write some or all of `data`; how much."""
        ...

    def close(self) -> None:
        """Let go."""
        ...


Opener = Callable[[Path, bool], RawFile]


def open_raw(path: Path, overwrite: bool) -> RawFile:
    """Open a new file without a buffer; with `overwrite`, also one that exists."""
    return path.open("wb" if overwrite else "xb", buffering=0)


class RecordingWriter:
    """Puts records into chunks and chunks into the file. One thread at a time.

    Nothing is held back in a buffer of the process: a finished chunk is with the operating
    system, where `kill -9` cannot reach it. `log_time` and `publish_time` are wall time, from
    the monotonic clock by the header's pair: when the record was taken, and for a message when
    it was published.

    Args:
        path: The file.
        header: Written at once.
        overwrite: Replace an existing file.
        opener: How to open; tests pass a disk that fills up.

    Raises:
        RecordingError: The file exists or cannot be written.
    """

    def __init__(
        self,
        path: Path,
        header: RecordingHeader,
        *,
        overwrite: bool = False,
        opener: Opener = open_raw,
    ) -> None:
        self._header = header
        self._pair = ClockPair(header.monotonic_ns, header.wall_ns)
        self._channels: dict[str, int] = {}
        self.written: Counter[str] = Counter()
        try:
            self._file = _WholeFile(opener(path, overwrite))
        except FileExistsError as error:
            raise RecordingError(
                f"{path}: exists already and is not overwritten; `--overwrite` replaces it"
            ) from error
        except OSError as error:
            raise RecordingError(f"{path}: cannot be created: {error.strerror}") from error
        # Any: half of the library's methods carry no types.
        self._mcap: Any = mcap.writer.Writer(cast(IO[bytes], self._file), chunk_size=_CHUNK_BYTES)
        try:
            self._start()
        except OSError as error:
            self._file.close()
            raise RecordingError(f"{path}: cannot be written: {error.strerror}") from error

    def write_message(self, wired: Wired, log_ns: int) -> None:
        """Record a published message, byte for byte.

        Raises:
            OSError: The disk is full or gone. This holds for every method that writes.
        """
        envelope = wired.message.envelope
        topic = topic_of(wired.topic)
        channel = self._channel(wired.topic, f"fidget.{topic.kind}", topic.message)
        self._add(channel, log_ns, envelope.published_ns, envelope.seq, wired.payload)
        self.written[topic.kind] += 1

    def write_pose(self, sample: PoseSample, log_ns: int, stream: str = "") -> None:
        """Record a sample that left the pose stage; without a name, of the header's stream.

        Raises:
            ModelError: It is not finite.
        """
        stream = stream or self._header.stream
        record = InputPose(
            stream=stream,
            epoch=sample.epoch,
            capture_ns=sample.capture_ns,
            pose=pose_body(sample),
            degrade_level=sample.degrade_level,
        )
        topic = topic_name(INPUT_POSE, stream)
        channel = self._channel(topic, "fidget.input.pose", InputPose)
        self._add(channel, log_ns, log_ns, sample.seq, encode_struct(record))
        self.written[INPUT_POSE] += 1

    def write_decision(self, decision: SchedulerDecision, log_ns: int) -> None:
        """Record what the scheduler left out."""
        channel = self._channel(INPUT_DECISION, "fidget.input.decision", SchedulerDecision)
        self._add(channel, log_ns, decision.at_ns, 0, encode_struct(decision))
        self.written[INPUT_DECISION.rstrip(".")] += 1

    def write_joined(self, joined: StreamJoined, log_ns: int) -> None:
        """Record that a stream takes part."""
        channel = self._channel(INPUT_STREAM, "fidget.input.stream", StreamJoined)
        self._add(channel, log_ns, joined.at_ns, 0, encode_struct(joined))
        self.written[INPUT_STREAM.rstrip(".")] += 1

    def flush(self) -> None:
        """Finish the chunk in progress: what was written so far survives the process."""
        self._mcap.flush()

    def finish(self, lost: dict[str, int]) -> None:
        """Write the end and the index, and close the file."""
        self.flush()
        end = RecordingEnd(written=dict(sorted(self.written.items())), lost=lost)
        self._mcap.add_metadata(END_NAME, checked_json(end))
        self._mcap.finish()
        self._file.close()

    def abandon(self) -> None:
        """Close the file as it is; whole chunks stay readable. Never raises."""
        self._file.close()

    @property
    def size_bytes(self) -> int:
        """Bytes in the file so far."""
        return self._file.tell()

    def _start(self) -> None:
        self._mcap.start(profile=PROFILE, library="fidget")
        self._mcap.add_metadata(HEADER_NAME, checked_json(self._header))

    def _channel(self, topic: str, name: str, record: Any) -> int:
        """Id of the topic's channel, declared with its schema on first use."""
        if topic not in self._channels:
            schema = msgspec.json.encode(msgspec.json.schema(record))
            schema_name = f"{name}.v{SCHEMA_VERSION}"
            schema_id = self._mcap.register_schema(schema_name, "jsonschema", schema)
            self._channels[topic] = self._mcap.register_channel(topic, "msgpack", schema_id)
        return self._channels[topic]

    def _add(self, channel: int, log_ns: int, publish_ns: int, seq: int, data: bytes) -> None:
        self._mcap.add_message(
            channel_id=channel,
            log_time=self._wall(log_ns),
            publish_time=self._wall(publish_ns),
            sequence=seq & _SEQUENCE_MASK,
            data=data,
        )

    def _wall(self, monotonic_ns: int) -> int:
        return max(0, self._pair.wall_ns + monotonic_ns - self._pair.monotonic_ns)


def checked_json(record: Struct) -> dict[str, str]:
    """A struct as MCAP metadata with a checksum: MCAP itself protects chunks only."""
    data = msgspec.json.encode(record)
    return {"json": data.decode(), "crc32": f"{zlib.crc32(data):08x}"}


class _WholeFile:
    """Writes all or raises, and knows its position; the system may take only a part."""

    def __init__(self, raw: RawFile) -> None:
        self._raw = raw
        self._size = 0

    def write(self, data: bytes) -> int:
        view = memoryview(data)
        done = 0
        while done < len(view):
            done += self._raw.write(view[done:]) or 0
        self._size += done
        return done

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        try:
            self._raw.close()
        except OSError:
            # Everything was handed to the system before; a failure has been raised by `write`.
            return
