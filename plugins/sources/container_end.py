"""Whether a media file is shorter than its own structure says."""

from pathlib import Path
from typing import BinaryIO

_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT = b"\x18\x53\x80\x67"


def is_container(path: Path) -> bool:
    """Whether the file at `path` starts as one of the containers judged here.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(12)
    return start[4:8] == b"ftyp" or start[:4] in (_EBML, b"RIFF", b"GIF8")


def missing_end(path: Path) -> str:
    """Why the file at `path` is known to be cut off; empty if nothing says so.

    MP4/MOV: a box reaches beyond the end, or the index (moov) is missing. Matroska: the segment
    does. AVI: the RIFF chunk does. GIF: the trailer is missing. Others are not judged.

    Raises:
        OSError: It cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(12)
        if start[4:8] == b"ftyp":
            return _mp4(file, size)
        if start[:4] == _EBML:
            return _matroska(file, size)
        if start[:4] == b"RIFF":
            return _short(8 + int.from_bytes(start[4:8], "little"), size, "AVI")
        if start[:4] == b"GIF8":
            return _gif(file, size)
    return ""


def _short(declared: int, size: int, kind: str) -> str:
    if declared <= size:
        return ""
    return f"the {kind} structure declares {declared} bytes and the file has {size}"


def _mp4(file: BinaryIO, size: int) -> str:
    at = 0
    kinds: set[bytes] = set()
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        elif length == 0:
            length = size - at
        if length < 8:
            break
        kinds.add(head[4:8])
        at += length
    if at > size:
        return _short(at, size, "MP4")
    return "" if b"moov" in kinds else "its index (moov) is missing"


def _matroska(file: BinaryIO, size: int) -> str:
    file.seek(4)
    header_size = _vint(file)
    if header_size is None:
        return ""
    file.seek(header_size, 1)
    if file.read(4) != _SEGMENT:
        return ""
    segment_size = _vint(file)
    # A live recording declares no size.
    return "" if segment_size is None else _short(file.tell() + segment_size, size, "Matroska")


def _vint(file: BinaryIO) -> int | None:
    """An EBML variable-length integer; None for the reserved `unknown` or at the end."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    more = 8 - first[0].bit_length()
    rest = file.read(more)
    value = int.from_bytes(first + rest, "big") & ((1 << 7 * (more + 1)) - 1)
    return None if value == (1 << 7 * (more + 1)) - 1 else value


def _gif(file: BinaryIO, size: int) -> str:
    # Some writers pad the end with zeros.
    file.seek(max(0, size - 64))
    return "" if file.read().rstrip(b"\0").endswith(b"\x3b") else "the GIF trailer is missing"
