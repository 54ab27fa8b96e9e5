"""Following a feed for a while."""

from collections.abc import Iterator

from engine.clock import NS_PER_S, SystemClock
from engine.wire.received import Received
from engine.wire.subscriber import Subscriber


def received(feed: Subscriber, seconds: float, timeout_s: float = 1.0) -> Iterator[Received]:
    """What comes within `seconds` from now; silence is waited out, `timeout_s` at a time."""
    clock = SystemClock()
    end_ns = clock.now_ns() + round(seconds * NS_PER_S)
    while clock.now_ns() < end_ns:
        item = feed.receive(timeout_s)
        if item is not None:
            yield item
