"""Line drawings out of Braille characters: eight dots a character cell."""

import numpy as np
import numpy.typing as npt

_BLANK = 0x2800
# Bit of the dot at (row, column) within a cell, as Unicode numbers them.
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


class BrailleCanvas:
    """A canvas of `columns` × `rows` cells, 2 × 4 dots each, roughly square dots.

    Args:
        columns: Width in characters.
        rows: Height in characters.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self._cells = np.zeros((rows, columns), np.int32)
        self._height = rows * 4
        self._width = columns * 2

    def line(
        self, start: npt.NDArray[np.float32], end: npt.NDArray[np.float32], aspect: float
    ) -> None:
        """Draw a line; what lies outside the picture is left out.

        Args:
            start: `(2,)` image-normalised x, y.
            end: The same.
            aspect: Width over height of the picture, which is fitted into the canvas.
        """
        scale = min(self._height, self._width / aspect)
        offset = (self._width - aspect * scale) / 2
        a = np.array([start[0] * aspect * scale + offset, start[1] * scale])
        b = np.array([end[0] * aspect * scale + offset, end[1] * scale])
        steps = max(2, int(np.abs(b - a).max()) + 1)
        for part in np.linspace(0.0, 1.0, steps):
            x, y = (a + part * (b - a)).astype(int)
            if 0 <= x < self._width and 0 <= y < self._height:
                self._cells[y // 4, x // 2] |= _BITS[y % 4][x % 2]

    def text(self) -> str:
        """The picture."""
        return "\n".join("".join(chr(_BLANK | int(c)) for c in row) for row in self._cells)
