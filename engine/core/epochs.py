"""Epochs that never run backwards, whatever a source gives."""


class EpochGuard:
    """Starts a new epoch when the source does, and when its time repeats or goes backwards."""

    def __init__(self) -> None:
        self._source_epoch: int | None = None
        self._epoch = 0
        self._last_ns = 0

    def step(self, source_epoch: int, capture_ns: int) -> int:
        """The engine's epoch of an item.

        Args:
            source_epoch: Epoch the source claims.
            capture_ns: Its time.

        Returns:
            0 for the first epoch, then one more for each break.
        """
        if self._source_epoch is None:
            self._source_epoch = source_epoch
        elif source_epoch != self._source_epoch:
            self._source_epoch = source_epoch
            self._epoch += 1
        elif capture_ns <= self._last_ns:
            self._epoch += 1
        self._last_ns = capture_ns
        return self._epoch
