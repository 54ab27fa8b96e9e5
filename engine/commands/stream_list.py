"""Follows the list of streams in a configuration file while a session runs."""

import logging
from pathlib import Path

from engine.clock import NS_PER_S, Clock
from engine.config import StreamEntry
from engine.config_file import load_config
from engine.errors import UsageError

logger = logging.getLogger(__name__)

_LOOK_EVERY_NS = NS_PER_S


class StreamList:
    """Tells which streams the file wants, once a second.

    Only `[streams]` is followed; what else changes needs a new session. A file that cannot be read
    changes nothing and is told in the log, once for each time it is written.

    Args:
        path: The file.
        clock: Time.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._due_ns = clock.now_ns() + _LOOK_EVERY_NS
        self._stamp = self._stamped()

    def changed(self) -> dict[str, StreamEntry] | None:
        """The streams by name, if the file was written since; else None."""
        now_ns = self._clock.now_ns()
        if now_ns < self._due_ns:
            return None
        self._due_ns = now_ns + _LOOK_EVERY_NS
        stamp = self._stamped()
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        try:
            config = load_config(self._path)
        except UsageError as error:
            logger.warning("the streams stay as they are: %s", error)
            return None
        if not config.streams:
            logger.warning("the streams stay as they are: %s names none", self._path)
            return None
        return config.streams

    def _stamped(self) -> tuple[int, int]:
        try:
            stat = self._path.stat()
        except OSError:
            return (0, 0)  # it is being replaced
        return stat.st_mtime_ns, stat.st_size
