"""Tells a load from a few slow frames."""

import threading
from dataclasses import dataclass

_FEWEST = 3
_SHARE = 0.2
_CALM_FRAMES = 5
_CALM_NS = 500_000_000


@dataclass
class _Episode:
    """Frames since one was pressed.

    Attributes:
        since_ns: When it began.
        seen: Frames in it.
        pressed: How many of these were pressed.
        pressed_ns: When the newest of them was.
        calm: Frames since.
    """

    since_ns: int
    seen: int = 0
    pressed: int = 0
    pressed_ns: int = 0
    calm: int = 0

    def count(self, pressed: bool, now_ns: int) -> None:
        self.seen += 1
        if pressed:
            self.pressed += 1
            self.pressed_ns = now_ns
        self.calm = 0 if pressed else self.calm + 1

    def is_over(self, now_ns: int) -> bool:
        return self.calm >= _CALM_FRAMES and now_ns - self.pressed_ns >= _CALM_NS

    def is_sustained(self, now_ns: int, after_ns: int) -> bool:
        enough = self.pressed >= max(_FEWEST, _SHARE * self.seen)
        return enough and now_ns - self.since_ns >= after_ns


class Pressure:
    """Whether frames have been without slack for long enough to give up quality.

    A frame that was refused, discarded or late, or whose forecast left less slack than
    `least_slack`, is *pressed*. An episode begins with the first of these and ends once five
    frames in a row were not, over half a second. Pressure is sustained when an episode has lasted
    `after_ns`, with three pressed frames at least, every fifth at least: one call, however long, is
    one pressed frame and not enough. Frames replaced in a mailbox say nothing and are not noted.

    Any thread: one lock guards the state.

    Args:
        least_slack: Part of the deadline.
        after_ns: How long is sustained.
    """

    def __init__(self, least_slack: float, after_ns: int) -> None:
        self._lock = threading.Lock()
        self._least_slack = least_slack
        self._after_ns = after_ns
        self._episode: _Episode | None = None

    def note(self, slack: float, now_ns: int) -> bool:
        """Take a frame into account.

        Args:
            slack: Part of the deadline that it left; negative for what was shed or late.
            now_ns: Monotonic.

        Returns:
            Whether pressure is sustained.
        """
        with self._lock:
            pressed = slack < self._least_slack
            if self._episode is None and not pressed:
                return False
            self._episode = self._episode or _Episode(now_ns)
            self._episode.count(pressed, now_ns)
            if self._episode.is_over(now_ns):
                self._episode = None
                return False
            return pressed and self._episode.is_sustained(now_ns, self._after_ns)

    def reset(self) -> None:
        """Forget the episode."""
        with self._lock:
            self._episode = None
