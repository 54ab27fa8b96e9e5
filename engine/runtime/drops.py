"""The account of everything that was dropped, by edge and cause."""

import threading
from collections.abc import Callable


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
