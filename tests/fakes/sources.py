"""Sources that give what a test scripts."""

import queue
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
from msgspec import Struct

from engine.clock import Clock
from engine.contracts import SourceInfo, SourceStatus
from engine.errors import EndOfStream
from engine.frames import Frame


def frame(t_s: float, *, index: int = 0, epoch: int = 0) -> Frame:
    """A small black picture."""
    return Frame(np.zeros((12, 16, 3), np.uint8), round(t_s * 1e9), epoch, index)


class ListSource:
    """Gives the items of a list; an exception in it is raised in its place."""

    class Config(Struct, frozen=True):
        pass

    def __init__(
        self,
        items: Iterable[Any],
        *,
        live: bool = False,
        yields: Literal["frames", "poses"] = "frames",
    ) -> None:
        self._items = list(items)
        self.live = live
        self.yields = yields
        self.closed = False

    def open(self, clock: Clock) -> SourceInfo:
        return SourceInfo("a list")

    def read(self, timeout_s: float) -> Any:
        if not self._items:
            raise EndOfStream
        item = self._items.pop(0)
        if isinstance(item, BaseException):
            raise item
        return item

    def status(self) -> SourceStatus:
        return SourceStatus("ok" if self._items else "ended")

    def drops(self) -> dict[str, int]:
        return {}

    def close(self) -> None:
        self.closed = True


class QueueSource(ListSource):
    """A live source that a test feeds while it runs; `None` ends it."""

    def __init__(self) -> None:
        super().__init__((), live=True)
        self.feed: queue.Queue[Frame | None] = queue.Queue()

    def read(self, timeout_s: float) -> Any:
        try:
            item = self.feed.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if item is None:
            raise EndOfStream
        return item
