"""Whole MCAP records of a file, in order, up to the first that is not whole.

The mcap package parses the records; its own stream reader is for whole files and answers a cut
or damaged one with short data or with whatever the parser trips over. Here every record is read
to its full length, every chunk is checked against its checksum, and only the records that a
Fidget recording has at each place are taken.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import BinaryIO

import mcap.stream_reader
import zstandard
from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import Chunk, DataEnd, Header, McapRecord, MessageIndex, Metadata

MAGIC = b"\x89MCAP0\r\n"
_HEAD = struct.Struct("<BQ")
# Far above what the recorder writes; a damaged length must not fill the memory.
_MAX_RECORD_BYTES = 16 * 1024 * 1024

# Everything the parsers raise on bytes that make no sense.
_PARSE_ERRORS = (McapError, struct.error, ValueError, OverflowError, zstandard.ZstdError)

_READERS: dict[int, Callable[[ReadDataStream], McapRecord]] = {
    Opcode.HEADER: Header.read,
    Opcode.METADATA: Metadata.read,
    Opcode.CHUNK: Chunk.read,
    Opcode.MESSAGE_INDEX: MessageIndex.read,
    Opcode.DATA_END: DataEnd.read,
}


class RecordStream:
    """Iterates over the records of a file; those inside chunks come one by one.

    Afterwards, or when the iteration ended early, the attributes say how far it came.

    Args:
        file: Positioned behind the magic.
        size_bytes: Of the whole file.

    Attributes:
        complete: The mark behind the last record was reached.
        damage: Why it ended before; empty while there is nothing to say.
        good_bytes: Up to the end of the last whole record.
    """

    def __init__(self, file: BinaryIO, size_bytes: int) -> None:
        self._file = file
        self._size_bytes = size_bytes
        self.complete = False
        self.damage = ""
        self.good_bytes = len(MAGIC)

    def __iter__(self) -> Iterator[McapRecord]:
        while not (self.complete or self.damage):
            try:
                records = self._next_records()
            except _Damaged as error:
                self.damage = str(error)
                return
            yield from records

    def _next_records(self) -> list[McapRecord]:
        head = self._file.read(_HEAD.size)
        if len(head) < _HEAD.size:
            raise _Damaged("cut off between two records" if not head else "cut off in a record")
        opcode, length = _HEAD.unpack(head)
        if opcode not in _READERS:
            raise _Damaged(f"a record of kind {opcode:#04x} where none can be")
        if length > self._size_bytes - self.good_bytes - _HEAD.size:
            raise _Damaged("cut off in a record")
        if length > _MAX_RECORD_BYTES:
            raise _Damaged(f"a record of {length} bytes, more than {_MAX_RECORD_BYTES}")
        body = self._file.read(length)
        if len(body) < length:
            raise _Damaged("cut off in a record")
        records = _parsed(opcode, body)
        self.complete = opcode == Opcode.DATA_END
        self.good_bytes += _HEAD.size + length
        return records


class _Damaged(Exception):  # noqa: N818 - never leaves this module
    pass


def _parsed(opcode: int, body: bytes) -> list[McapRecord]:
    stream = ReadDataStream(BytesIO(body))
    try:
        record = _READERS[opcode](stream)
        if stream.count != len(body):
            raise _Damaged("a record that is longer than its content")
        return _unpacked(record) if isinstance(record, Chunk) else [record]
    except _PARSE_ERRORS as error:
        raise _Damaged(f"a damaged record ({type(error).__name__})") from error


def _unpacked(chunk: Chunk) -> list[McapRecord]:
    data = _decompressed(chunk)
    if zlib.crc32(data) != chunk.uncompressed_crc:
        raise _Damaged("a chunk whose checksum does not match")
    plain = Chunk(
        compression="",
        data=data,
        message_start_time=chunk.message_start_time,
        message_end_time=chunk.message_end_time,
        uncompressed_crc=0,
        uncompressed_size=len(data),
    )
    return mcap.stream_reader.breakup_chunk(plain)


def _decompressed(chunk: Chunk) -> bytes:
    """Content of a chunk; its claimed sizes are checked before memory is taken for it."""
    if chunk.compression == "":
        return chunk.data
    if chunk.compression != "zstd":
        raise _Damaged(f"a chunk with compression '{chunk.compression[:20]}', expected zstd")
    if chunk.uncompressed_size > _MAX_RECORD_BYTES:
        raise _Damaged(f"a chunk of {chunk.uncompressed_size} bytes, more than can be")
    if zstandard.frame_content_size(chunk.data) not in (-1, chunk.uncompressed_size):
        raise _Damaged("a chunk whose sizes contradict each other")
    return zstandard.decompress(chunk.data, chunk.uncompressed_size)
