"""Who is believed to be there, over time."""

from engine.clock import NS_PER_S
from engine.poses import IMPLAUSIBLE, NO_PERSON, PERSON_LOST, UNCONFIRMED
from plugins.pose.plausibility import (
    Figure,
    PlausibilityConfig,
    is_same,
    may_enter,
    may_stay,
)

_LOST_FOR_NS = NS_PER_S


class PersonGate:
    """Accepts a person after a short probation, and lets go of one reluctantly.

    A figure is on probation while it passes `may_enter` frame after frame without jumping. An
    accepted person stays while `may_stay` holds, or has held within `lose_after_s`. A figure that
    jumps or changes size at once is somebody, or something, else and starts a probation of its
    own. Time is capture time, so a slow camera changes nothing but the number of frames.

    Args:
        config: The limits.
    """

    def __init__(self, config: PlausibilityConfig) -> None:
        self._config = config
        self.reset()

    def reset(self) -> None:
        """Forget everybody."""
        self._accepted = False
        self._probation_since_ns: int | None = None
        self._figure: Figure | None = None
        self._figure_ns = 0
        self._good_ns = 0
        self._valid_ns: int | None = None

    def step(self, capture_ns: int, figure: Figure | None) -> str:
        """Judge one frame.

        Args:
            capture_ns: Capture time; must not go backwards between resets.
            figure: What was reported, or None for nothing.

        Returns:
            Empty if a person is there, else the reason, one of `engine.poses.REASONS`.
        """
        if figure is None:
            self._probation_since_ns = None
            return self._absent_reason(capture_ns)
        same = self._is_same(capture_ns, figure)
        self._figure, self._figure_ns = figure, capture_ns
        if not self._config.enabled or self._stays(capture_ns, figure, same):
            valid = True
        else:
            valid = self._enters(capture_ns, figure, same)
        if not valid:
            return IMPLAUSIBLE if self._probation_since_ns is None else UNCONFIRMED
        self._accepted, self._valid_ns = True, capture_ns
        return ""

    def _absent_reason(self, capture_ns: int) -> str:
        seen_ns = self._valid_ns
        recent = seen_ns is not None and capture_ns - seen_ns <= _LOST_FOR_NS
        return PERSON_LOST if recent else NO_PERSON

    def _is_same(self, capture_ns: int, figure: Figure) -> bool:
        if self._figure is None:
            return False
        dt_s = (capture_ns - self._figure_ns) / NS_PER_S
        return dt_s <= self._config.forget_after_s and is_same(self._figure, figure, dt_s)

    def _stays(self, capture_ns: int, figure: Figure, same: bool) -> bool:
        if not (self._accepted and same):
            self._accepted = False
            return False
        if may_stay(figure, self._config):
            self._good_ns = capture_ns
        self._accepted = capture_ns - self._good_ns <= self._config.lose_after_s * NS_PER_S
        return self._accepted

    def _enters(self, capture_ns: int, figure: Figure, same: bool) -> bool:
        if not may_enter(figure, self._config):
            self._probation_since_ns = None
            return False
        if self._probation_since_ns is None or not same:
            self._probation_since_ns = capture_ns
        passed_ns = capture_ns - self._probation_since_ns
        if passed_ns < self._config.accept_after_s * NS_PER_S:
            return False
        self._good_ns = capture_ns
        return True
