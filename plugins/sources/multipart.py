"""Takes an HTTP MJPEG stream (multipart/x-mixed-replace) apart as its bytes arrive.

FFmpeg's `mpjpeg` demuxer gives a picture only when the next one arrives: measured one frame
interval late with Content-Length and two without, over loopback. This gives it with its last byte.
"""

import re

from engine.errors import SourceError, Trouble
from plugins.sources.jpeg import START, JpegEnd

_MAX_HEADER_BYTES = 16 * 1024
_MAX_PICTURE_BYTES = 64 * 1024 * 1024
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"^content-length\s*:\s*(\d+)\s*$", re.IGNORECASE | re.MULTILINE)
_TYPE = re.compile(rb"^content-type\s*:\s*([^\s;]+)", re.IGNORECASE | re.MULTILINE)


class MultipartJpegs:
    """From bytes to JPEGs.

    The boundary is not looked at, since cameras declare it wrongly in many ways: a part is
    whatever follows a blank line, as long as its Content-Length says or, without one, up to the
    end of the JPEG.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._in_body = False
        self._length: int | None = None
        self._end = JpegEnd()

    def push(self, data: bytes) -> list[bytes]:
        """Take what has arrived; returns the pictures that are complete now.

        Raises:
            SourceError: This is not a stream of JPEGs.
        """
        self._buffer += data
        pictures: list[bytes] = []
        while True:
            if not self._in_body and not self._take_header():
                return pictures
            picture = self._take_picture()
            if picture is None:
                return pictures
            pictures.append(picture)

    def _take_header(self) -> bool:
        # Line ends after the last picture belong to no header.
        del self._buffer[: len(self._buffer) - len(self._buffer.lstrip(b"\r\n"))]
        blank = _BLANK_LINE.search(self._buffer)
        if blank is None:
            if len(self._buffer) > _MAX_HEADER_BYTES:
                raise _not_mjpeg("no end of a part's header was found")
            return False
        self._read_header(bytes(self._buffer[: blank.start()]))
        del self._buffer[: blank.end()]
        self._in_body, self._end = True, JpegEnd()
        return True

    def _read_header(self, header: bytes) -> None:
        kind = _TYPE.search(header)
        if kind is not None and kind.group(1).lower() not in (b"image/jpeg", b"image/jpg"):
            raise _not_mjpeg(f"a part is {kind.group(1).decode('ascii', 'replace')}")
        length = _LENGTH.search(header)
        self._length = int(length.group(1)) if length else None

    def _take_picture(self) -> bytes | None:
        if len(self._buffer) >= 2 and not self._buffer.startswith(START):
            raise _not_mjpeg("a part does not start as a JPEG does")
        end = self._picture_end()
        if end is None and len(self._buffer) <= _MAX_PICTURE_BYTES:
            return None
        if end is None or end > _MAX_PICTURE_BYTES:
            raise _not_mjpeg(f"a picture is larger than {_MAX_PICTURE_BYTES} bytes")
        picture = bytes(self._buffer[:end])
        del self._buffer[:end]
        self._in_body = False
        return picture

    def _picture_end(self) -> int | None:
        if self._length is None:
            return self._end.find(self._buffer) if len(self._buffer) >= 2 else None
        return self._length if len(self._buffer) >= self._length else None


def _not_mjpeg(what: str) -> SourceError:
    return SourceError(
        f"expected a stream of JPEGs, but {what}", Trouble.NOT_A_VIDEO, transient=True
    )
