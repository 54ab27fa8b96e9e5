"""A slot for one item in which the newest wins."""

import threading
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")


class Mailbox(Generic[ItemT]):
    """Hands the newest item from one thread to another and counts what was never read.

    Attributes:
        fresh: Set while an item, or a reason to stop waiting, is there.
        replaced: Items that a newer one pushed out unread.
    """

    def __init__(self) -> None:
        self.fresh = threading.Event()
        self.replaced = 0
        self._lock = threading.Lock()
        self._item: ItemT | None = None

    def put(self, item: ItemT) -> None:
        """Leave `item`; an unread one is pushed out."""
        with self._lock:
            self.replaced += self._item is not None
            self._item = item
            self.fresh.set()

    def take(self) -> ItemT | None:
        """Take the item out; None if there is none."""
        with self._lock:
            item, self._item = self._item, None
            self.fresh.clear()
            return item

    def clear(self) -> None:
        """Push out an unread item: it belongs to a connection that is over."""
        with self._lock:
            self.replaced += self._item is not None
            self._item = None
            self.fresh.clear()
