"""Edges between threads: bounded, with a named overload policy, and every drop counted."""

import threading
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")


class Policy(str, Enum):
    """What a full channel does with one more item."""

    LATEST = "latest"  # keep only the newest
    DROP_OLDEST = "drop_oldest"  # push out the oldest
    BLOCK = "block"  # make the sender wait: nothing is lost


class Closed(Exception):  # noqa: N818 - the normal end of a channel, not an error
    """The channel is closed and, for a reader, empty."""


class Channel(Generic[ItemT]):
    """A queue between one or more senders and one reader.

    Args:
        name: In drop counts and health, e.g. `capture-pose`.
        policy: What to do when full.
        capacity: Items held; `LATEST` holds one.
        on_drop: Called with each item pushed out, in the sender's thread, outside the lock.
        sheds_first: Items that give way before older ones that are not; by default all do.
        condition: Shared with other channels that have the same reader; by default its own.
    """

    def __init__(
        self,
        name: str,
        policy: Policy,
        capacity: int = 1,
        on_drop: Callable[[ItemT], None] | None = None,
        sheds_first: Callable[[ItemT], bool] = lambda _: True,
        condition: threading.Condition | None = None,
    ) -> None:
        self.name = name
        self.policy = policy
        self._capacity = 1 if policy is Policy.LATEST else capacity
        self._on_drop = on_drop
        self._sheds_first = sheds_first
        self._items: deque[ItemT] = deque()
        self._condition = condition or threading.Condition()
        self._closed = False
        self._dropped = 0

    def put(self, item: ItemT) -> None:
        """Hand over one item; blocks only with `BLOCK`. Any thread.

        Raises:
            Closed: Nobody will read it.
        """
        with self._condition:
            if self.policy is Policy.BLOCK:
                self._condition.wait_for(lambda: self._closed or self._has_room)
            if self._closed:
                raise Closed(self.name)
            pushed_out = self._store(item)
        self._report(pushed_out)

    def offer(self, item: ItemT) -> bool:
        """Hand over one item unless that would mean waiting. Any thread.

        Returns:
            Whether it was taken; False also when closed.
        """
        with self._condition:
            if self._closed or (self.policy is Policy.BLOCK and not self._has_room):
                return False
            pushed_out = self._store(item)
        self._report(pushed_out)
        return True

    def get(self, timeout_s: float | None = None) -> ItemT | None:
        """The oldest item, or None after `timeout_s`. The reading thread.

        Raises:
            Closed: It is closed and everything has been read.
        """
        with self._condition:
            self._condition.wait_for(lambda: bool(self._items) or self._closed, timeout_s)
            if self._items:
                item = self._items.popleft()
                self._condition.notify_all()
                return item
            if self._closed:
                raise Closed(self.name)
            return None

    def close(self) -> None:
        """No more items; what is inside can still be read. Wakes everybody. Idempotent."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def __len__(self) -> int:
        with self._condition:
            return len(self._items)

    @property
    def head(self) -> ItemT | None:
        """The oldest item, left where it is."""
        with self._condition:
            return self._items[0] if self._items else None

    @property
    def ended(self) -> bool:
        """Whether it is closed and everything has been read."""
        with self._condition:
            return self._closed and not self._items

    @property
    def _has_room(self) -> bool:
        return len(self._items) < self._capacity

    def _store(self, item: ItemT) -> list[ItemT]:
        """Append `item`; what had to give way for it."""
        pushed_out = []
        while not self._has_room:
            pushed_out.append(self._push_out())
        self._items.append(item)
        self._dropped += len(pushed_out)
        self._condition.notify_all()
        return pushed_out

    def _push_out(self) -> ItemT:
        index = next((i for i, item in enumerate(self._items) if self._sheds_first(item)), 0)
        lost = self._items[index]
        del self._items[index]
        return lost

    def _report(self, pushed_out: list[ItemT]) -> None:
        if self._on_drop:
            for lost in pushed_out:
                self._on_drop(lost)

    @property
    def dropped(self) -> int:
        """Items pushed out so far."""
        with self._condition:
            return self._dropped
