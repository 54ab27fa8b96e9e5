"""Channels side by side, one a stream, with one reader."""

import threading
from collections.abc import Callable, Collection
from typing import Generic

from engine.runtime.channels import Channel, ItemT, Policy


class Lanes(Generic[ItemT]):
    """Gives what the streams have, at most one item of each at a time, so that none starves.

    Each stream is bounded by itself: one that sends too much pushes out its own items only.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._lanes: dict[str, Channel[ItemT]] = {}
        self._woken = False

    def open(
        self,
        stream: str,
        name: str,
        policy: Policy,
        capacity: int,
        on_drop: Callable[[ItemT], None],
    ) -> Channel[ItemT]:
        """A new lane; `name` as for a channel. Any thread."""
        lane: Channel[ItemT] = Channel(name, policy, capacity, on_drop, condition=self._condition)
        with self._condition:
            self._lanes[stream] = lane
            self._condition.notify_all()
        return lane

    def wake(self) -> None:
        """Make the reader look up. Any thread."""
        with self._condition:
            self._woken = True
            self._condition.notify_all()

    def take(
        self,
        busy: Collection[str],
        timeout_s: float | None,
        window_s: Callable[[list[ItemT]], float] = lambda _: 0.0,
    ) -> tuple[dict[str, ItemT], list[str]]:
        """What there is, one item a lane, and the streams that have ended. The reading thread.

        A lane that has ended is told once and gone.

        Args:
            busy: Streams that are not asked.
            timeout_s: How long to wait for the first item; None is without end.
            window_s: How long to wait for the others, given the oldest item of each lane that has
                one; asked once there is one and not all have.
        """
        with self._condition:
            self._condition.wait_for(lambda: self._woken or self._any(busy), timeout_s)
            if not self._woken and not self._all(busy):
                heads = [lane.head for name, lane in self._lanes.items() if name not in busy]
                waiting = [item for item in heads if item is not None]
                wait_s = window_s(waiting) if waiting else 0.0
                if wait_s > 0.0:
                    self._condition.wait_for(lambda: self._woken or self._all(busy), wait_s)
            self._woken = False
            ended = [name for name, lane in self._lanes.items() if lane.ended and name not in busy]
            for name in ended:
                del self._lanes[name]
            ready = {n: lane for n, lane in self._lanes.items() if n not in busy and len(lane)}
            items = {name: lane.get(0.0) for name, lane in ready.items()}
        return {name: item for name, item in items.items() if item is not None}, ended

    def __len__(self) -> int:
        with self._condition:
            return len(self._lanes)

    def _any(self, busy: Collection[str]) -> bool:
        return any(n not in busy and (len(x) or x.ended) for n, x in self._lanes.items())

    def _all(self, busy: Collection[str]) -> bool:
        return all(n in busy or len(x) or x.ended for n, x in self._lanes.items())
