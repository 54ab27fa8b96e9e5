"""When and where to look for people."""

from functools import lru_cache

import numpy as np

from engine.clock import NS_PER_S
from plugins.pose.direct.region import Region, letterbox

# While somebody is followed, others are looked for once in so long.
_RECHECK_S = 0.3
# Squares as parts of the short side, and the most that the next one goes on by, as part of one.
_SQUARES = (1.0, 2 / 3)
_STRIDE = 2 / 3
# In a picture that is longer, in parts of its short side, there is no room for several people.
_LONGEST = 4


class Search:
    """Decides in which pictures, and in which part of them, people are looked for. Pure.

    The detector finds only people who are large in what it looks at. Where several may be, the
    whole picture and squares of it are looked at by turns.

    Args:
        several: Whether more than one person is wanted.
    """

    def __init__(self, *, several: bool) -> None:
        self._several = several
        self.reset()

    def reset(self) -> None:
        """Begin anew: look in the next picture, at all of it."""
        self._last_ns: int | None = None
        self._turn = 0

    def is_due(self, time_ns: int, *, followed: bool) -> bool:
        """Whether to look now.

        Without anybody every picture is looked at: in the dark the detector sees a person in few
        of them, and looking five times a second instead missed all of those.

        Args:
            time_ns: Capture time of the picture.
            followed: Whether somebody is followed already.
        """
        if self._last_ns is None or not followed:
            return True
        return time_ns - self._last_ns >= _RECHECK_S * NS_PER_S

    def view(self, time_ns: int, size_px: tuple[int, int]) -> Region:
        """Where to look in a picture of that width and height; it is the look of this time."""
        self._last_ns = time_ns
        views = _views(*size_px) if self._several else (letterbox(*size_px),)
        view = views[self._turn % len(views)]
        self._turn += 1
        return view


@lru_cache(maxsize=8)
def _views(width_px: int, height_px: int) -> tuple[Region, ...]:
    """The whole picture, then squares of it, each kind from left to right and down."""
    views = [letterbox(width_px, height_px)]
    if max(width_px, height_px) > _LONGEST * min(width_px, height_px):
        return tuple(views)
    for part in _SQUARES:
        side_px = min(width_px, height_px) * part
        for y_px in _middles(height_px, side_px):
            views += [Region(x_px, y_px, side_px, 0.0) for x_px in _middles(width_px, side_px)]
    return tuple(dict.fromkeys(views))


def _middles(length_px: float, side_px: float) -> list[float]:
    count = 1 + int(np.ceil((length_px - side_px) / (_STRIDE * side_px) - 1e-9))
    ends = side_px / 2, length_px - side_px / 2
    return [length_px / 2] if count == 1 else np.linspace(*ends, count).tolist()
