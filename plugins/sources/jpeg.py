"""JPEG pictures: where one ends in a stream of bytes, and their pixels."""

import cv2
import numpy as np

from engine.errors import SourceError, Trouble
from engine.frames import U8, as_rgb

START = b"\xff\xd8"
_END = 0xD9
_SCAN = 0xDA
_RESTARTS = range(0xD0, 0xD8)


class JpegEnd:
    """Finds the end of one JPEG while its bytes arrive (ITU-T T.81, annex B).

    Segments are skipped by their length, so that a thumbnail's end marker is not taken for the
    picture's. Works on the same growing buffer, which starts with the start marker, and never
    looks at a byte twice.
    """

    def __init__(self) -> None:
        self._at = 2
        self._in_scan = False

    def find(self, buffer: bytearray) -> int | None:
        """Length of the picture at the start of `buffer`; None while bytes are missing."""
        while True:
            if self._in_scan and not self._skip_scan(buffer):
                return None
            if len(buffer) < self._at + 2:
                return None
            marker = buffer[self._at + 1]
            if marker == _END:
                return self._at + 2
            if not self._skip_segment(buffer, marker):
                return None

    def _skip_scan(self, buffer: bytearray) -> bool:
        """Move to the next marker in compressed data: 0xFF not before 0, 0xFF or a restart."""
        while True:
            self._at = buffer.find(0xFF, self._at)
            if self._at < 0 or self._at + 1 >= len(buffer):
                self._at = len(buffer) if self._at < 0 else self._at
                return False
            follows = buffer[self._at + 1]
            if follows == 0xFF:
                self._at += 1
            elif follows == 0 or follows in _RESTARTS:
                self._at += 2
            else:
                self._in_scan = False
                return True

    def _skip_segment(self, buffer: bytearray, marker: int) -> bool:
        if marker == 0xFF:
            self._at += 1
            return True
        if len(buffer) < self._at + 4:
            return False
        self._at += 2 + int.from_bytes(buffer[self._at + 2 : self._at + 4], "big")
        self._in_scan = marker == _SCAN
        return True


def decode_jpeg(data: bytes) -> U8:
    """Decode one picture.

    Returns:
        `(H, W, 3)` uint8 RGB.

    Raises:
        SourceError: `bad_frame`: it is damaged.
    """
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        image = None
    if image is None:
        raise SourceError(
            f"a JPEG of {len(data)} bytes is damaged and was left out", Trouble.BAD_FRAME
        )
    return as_rgb(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
