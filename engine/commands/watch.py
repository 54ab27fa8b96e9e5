"""`watch`: a feed, live, in the terminal."""

import logging

from engine import registry
from engine.clock import NS_PER_S, Clock
from engine.config import FeedConfig
from engine.contracts import Sink
from engine.errors import SourceError, Trouble
from engine.topics import TOPICS
from engine.wire.subscriber import Subscriber

logger = logging.getLogger(__name__)
_POLL_S = 0.5
_SILENT_AFTER_S = 3.0


def watch(
    endpoint: str | None, topics: tuple[str, ...], duration_s: float | None, clock: Clock
) -> int:
    """Show what comes until `duration_s` is over or the user interrupts.

    Args:
        endpoint: Of the feed; the default address if None.
        topics: Prefixes; everything if empty.
        duration_s: None is without end.
        clock: Time.

    Returns:
        0.

    Raises:
        BindError: The address is malformed.
        FeedError: No such topic, or the feed is of a newer schema.
        SourceError: Nothing came in all of `duration_s`.
    """
    address = endpoint or FeedConfig().endpoint
    sink: Sink = registry.create("sinks", "terminal", {})
    try:
        with Subscriber(address, topics or tuple(f"{kind}." for kind in TOPICS)) as feed:
            _show(feed, sink, address, duration_s, clock)
    finally:
        sink.close()
    return 0


def _show(
    feed: Subscriber, sink: Sink, address: str, duration_s: float | None, clock: Clock
) -> None:
    start_ns = clock.now_ns()
    last_ns, told, anything = start_ns, False, False
    while duration_s is None or clock.now_ns() - start_ns < duration_s * NS_PER_S:
        item = feed.receive(_POLL_S)
        if item is not None:
            if item.lost_before:
                logger.warning("%d messages lost on %s", item.lost_before, item.topic)
            sink.put(item.topic, item.message)
            last_ns, told, anything = item.received_ns, False, True
        elif not told and clock.now_ns() - last_ns > _SILENT_AFTER_S * NS_PER_S:
            logger.warning("nothing from %s: is `run_stream.py run` publishing there?", address)
            told = True
    if not anything:
        raise SourceError(
            f"nothing came from {address} within {duration_s:g} s: is `run_stream.py run` "
            "publishing there?",
            Trouble.TIMEOUT,
        )
