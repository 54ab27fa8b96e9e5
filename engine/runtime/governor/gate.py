"""One door on a frame's way: open while results are forecast in time, else for trials only."""

import threading

_PROOF = 3


class Gate:
    """Lets frames pass whose results are forecast in time, and tries others now and then.

    A forecast that refuses everything would never be corrected, for only what is let through is
    measured. So:

    - when nothing has passed and no result has come for `probe_after_ns`, the next frame passes
      as a trial, whatever the forecast says, if it would be in time at best;
    - after a trial that came in time the next frame passes at once, as a trial;
    - three trials in time in a row prove the forecast outdated: what was measured before the
      first of them is to be forgotten (`heard` says so).

    Any thread: one lock guards the state.

    Args:
        probe_after_ns: From the last passage or result to a trial.
    """

    def __init__(self, probe_after_ns: int) -> None:
        self._lock = threading.Lock()
        self._probe_after_ns = probe_after_ns
        self._active_ns: int | None = None
        self._trying = False
        self._proven = 0
        self._proven_from_ns = 0

    def passes(self, cost_ns: int, best_ns: int, left_ns: int, now_ns: int) -> bool:
        """Whether a frame may pass.

        For equal state and time, what passes with some time left passes with more.

        Args:
            cost_ns: Forecast from now to the end.
            best_ns: The same when all goes well.
            left_ns: From now to the deadline; negative if it has passed.
            now_ns: Monotonic.
        """
        with self._lock:
            if cost_ns > left_ns and not self._may_try(left_ns - best_ns, now_ns):
                return False
            self._trying = cost_ns > left_ns
            self._active_ns = now_ns
            return True

    def heard(self, in_time: bool, now_ns: int) -> int | None:
        """Learn how the newest frame that passed has ended.

        Returns:
            Forget what was measured before this instant; None for nothing.
        """
        with self._lock:
            self._active_ns = now_ns
            if not in_time:
                self._proven = 0
            elif self._trying:
                self._proven += 1
            self._trying = False
            if self._proven < _PROOF:
                return None
            self._proven = 0
            return self._proven_from_ns

    def _may_try(self, spare_ns: int, now_ns: int) -> bool:
        if spare_ns < 0:
            return False
        if self._proven:
            return True
        if self._active_ns is not None and now_ns - self._active_ns < self._probe_after_ns:
            return False
        self._proven_from_ns = now_ns
        return True
