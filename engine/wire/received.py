"""What a subscriber hands out, and the buffer it waits in."""

import queue
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from engine.messages import Message

# A wait without a limit could not be interrupted from the keyboard on Windows.
_LONGEST_WAIT_S = 0.5


@dataclass(frozen=True)
class Received:
    """One message as it arrived.

    Attributes:
        topic: Full topic.
        message: Envelope and body.
        received_ns: When the client's thread took it, monotonic.
        lost_before: Messages of this topic between this one and the one you got before it that
            you did not get: lost on the way, or pushed out of the client's buffer.
    """

    topic: str
    message: Message[Any]
    received_ns: int
    lost_before: int


class Inbox:
    """A bounded buffer between the socket's thread and the consumers; the oldest gives way.

    A plain lock and a queue as its bell, because both are of C: a `threading.Condition` that Ctrl-C
    meets between its lines raises `RuntimeError` in place of `KeyboardInterrupt`.

    Args:
        capacity: Messages held.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._items: deque[Received] = deque()
        self._newest: dict[str, Received] = {}
        self._owed: dict[str, int] = {}
        self._lock = threading.Lock()
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._end: BaseException | None = None
        self._closed = False
        self._dropped = 0

    def put(self, item: Received) -> None:
        """Add one message. The socket's thread."""
        with self._lock:
            if len(self._items) >= self._capacity:
                self._push_out()
            self._items.append(item)
            self._newest.pop(item.topic, None)  # keeps the order of arrival
            self._newest[item.topic] = item
            self._ring()

    def get(self, timeout_s: float | None) -> Received | None:
        """The oldest message, or None after `timeout_s` or when closed and empty.

        Raises:
            BaseException: What ended the socket's thread, once everything has been read.
        """
        deadline_s = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            with self._lock:
                if self._items:
                    return self._oldest()
                if self._closed:
                    self._ring()  # for the next one who waits
                    self._raise_end()
                    return None
            left_s = _LONGEST_WAIT_S if deadline_s is None else deadline_s - time.monotonic()
            if left_s <= 0:
                return None
            with suppress(queue.Empty):
                self._bell.get(timeout=min(left_s, _LONGEST_WAIT_S))

    def newest(self, prefix: str) -> Received | None:
        """The newest message of all topics that begin with `prefix`; it stays in the buffer.

        Raises:
            BaseException: What ended the socket's thread.
        """
        with self._lock:
            self._raise_end()
            for topic in reversed(self._newest):
                if topic.startswith(prefix):
                    return self._newest[topic]
            return None

    def close(self, error: BaseException | None = None) -> None:
        """Wake everybody; nothing more will come, because of `error` if there is one.

        After an error what is buffered can still be read; without one it is discarded.
        """
        with self._lock:
            self._closed = True
            self._end = self._end or error
            if self._end is None:
                self._items.clear()
            self._ring()

    def check(self) -> None:
        """Raise what ended the socket's thread, if anything did."""
        with self._lock:
            self._raise_end()

    @property
    def dropped(self) -> int:
        """Messages pushed out so far."""
        with self._lock:
            return self._dropped

    def _ring(self) -> None:
        if self._bell.empty():
            self._bell.put(None)

    def _oldest(self) -> Received:
        item = self._items.popleft()
        owed = self._owed.pop(item.topic, 0)
        if self._items:
            self._ring()
        return replace(item, lost_before=item.lost_before + owed) if owed else item

    def _push_out(self) -> None:
        lost = self._items.popleft()
        self._owed[lost.topic] = self._owed.get(lost.topic, 0) + 1 + lost.lost_before
        self._dropped += 1

    def _raise_end(self) -> None:
        if self._end is not None:
            raise self._end
