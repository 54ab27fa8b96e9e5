"""The account of everything that was dropped, by edge and cause."""

import threading


class DropLedger:
    """Counts drops of a session. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, dict[str, int]] = {}

    def add(self, edge: str, cause: str, count: int = 1) -> None:
        """Count drops of `cause` at `edge`."""
        with self._lock:
            causes = self._counts.setdefault(edge, {})
            causes[cause] = causes.get(cause, 0) + count

    def totals(self) -> dict[str, dict[str, int]]:
        """Edge to cause to count; a copy."""
        with self._lock:
            return {edge: dict(causes) for edge, causes in self._counts.items()}
