"""The account of everything that was dropped, by edge and cause."""

import threading
from collections.abc import Callable, Iterable


class DropLedger:
    """Counts drops of a session. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, dict[str, int]] = {}
        self._watched: dict[str, Callable[[], dict[str, int]]] = {}

    def add(self, edge: str, cause: str, count: int = 1) -> None:
        """Count drops of `cause` at `edge`."""
        with self._lock:
            causes = self._counts.setdefault(edge, {})
            causes[cause] = causes.get(cause, 0) + count

    def watch(self, edge: str, counts: Callable[[], dict[str, int]]) -> None:
        """Include what somebody else counts, under `edge`; `counts` may be called by any thread."""
        with self._lock:
            self._watched[edge] = counts

    def totals(self) -> dict[str, dict[str, int]]:
        """Edge to cause to count; a copy."""
        with self._lock:
            totals = {edge: dict(causes) for edge, causes in self._counts.items()}
            watched = list(self._watched.items())
        for edge, counts in watched:
            causes = {cause: count for cause, count in counts().items() if count}
            if causes:
                totals[edge] = causes
        return totals


class SessionDrops:
    """The accounts of a session: one of each stream, one of what they share. Any thread.

    Attributes:
        shared: Of the edges that all streams use.
    """

    def __init__(self) -> None:
        self.shared = DropLedger()
        self._lock = threading.Lock()
        self._streams: dict[str, DropLedger] = {}

    def of(self, stream: str) -> DropLedger:
        """The account of a stream, made on first use; it outlives the stream."""
        with self._lock:
            return self._streams.setdefault(stream, DropLedger())

    def totals(self, stream: str = "") -> dict[str, dict[str, int]]:
        """Edge to cause to count: of one stream and what all share, by default of everything."""
        with self._lock:
            chosen = [self._streams[stream]] if stream in self._streams else []
            chosen = chosen if stream else list(self._streams.values())
        return summed(ledger.totals() for ledger in (self.shared, *chosen))


def summed(accounts: Iterable[dict[str, dict[str, int]]]) -> dict[str, dict[str, int]]:
    """Several accounts as one."""
    sums: dict[str, dict[str, int]] = {}
    for account in accounts:
        for edge, causes in account.items():
            into = sums.setdefault(edge, {})
            for cause, count in causes.items():
                into[cause] = into.get(cause, 0) + count
    return sums
