"""Who of several people a stream is about."""

from collections.abc import Mapping

from engine.clock import NS_PER_S
from plugins.pose.direct.presence import Presence

# Another one must be so much more prominent, for so long.
_SWITCH_FACTOR = 1.3
_SWITCH_AFTER_S = 1.0
# At the edge of the picture somebody counts as so much smaller.
_AT_EDGE = 0.5


def prominence(presence: Presence, width_px: int) -> float:
    """Size and centrality in one number; larger is more prominent."""
    off_centre = min(1.0, abs(presence.x_px / width_px - 0.5) * 2)
    return presence.side_px * (1.0 - (1.0 - _AT_EDGE) * off_centre)


class MainPerson:
    """Chooses one by size and centrality, and stays with them. Pure."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Nobody is chosen."""
        self.person = 0
        self._rival = 0
        self._since_ns = 0

    def step(self, time_ns: int, prominences: Mapping[int, float], held: bool) -> int:
        """The main person of a picture.

        Args:
            time_ns: Its capture time.
            prominences: Of each person who is there, by id.
            held: Whether the one chosen before may come back, so that nobody replaces them.

        Returns:
            The id; 0 if there is nobody.
        """
        if self.person not in prominences:
            if not (self.person and held):
                self.person = max(prominences, key=lambda i: prominences[i], default=0)
            self._rival = 0
            return self.person
        rival = max(prominences, key=lambda i: prominences[i])
        enough = _SWITCH_FACTOR * prominences[self.person]
        if rival == self.person or prominences[rival] < enough:
            self._rival = 0
        elif rival != self._rival:
            self._rival, self._since_ns = rival, time_ns
        elif time_ns - self._since_ns >= _SWITCH_AFTER_S * NS_PER_S:
            self.person, self._rival = rival, 0
        return self.person
