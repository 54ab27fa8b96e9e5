"""A feed over real sockets in a test: publish until the other side is there."""

from collections.abc import Callable

import zmq

from engine.config import FeedConfig
from engine.wire.encoder import MessageEncoder
from engine.wire.publisher import Publisher
from tests.wire import samples

LOOPBACK = "tcp://127.0.0.1:*"
PATIENCE_S = 20.0
_STEP_S = 0.01


def open_feed(send_hwm: int = 1000) -> Publisher:
    return Publisher(FeedConfig(endpoint=LOOPBACK, send_hwm=send_hwm))


def publish_until(
    publisher: Publisher, encoder: MessageEncoder, name: str, arrived: Callable[[float], bool]
) -> None:
    """Send until `arrived(timeout_s)`: a subscription takes a moment to reach the publisher."""
    for _ in range(round(PATIENCE_S / _STEP_S)):
        publisher.send(samples.wire(encoder, name))
        if arrived(_STEP_S):
            return
    raise AssertionError(f"nothing arrived within {PATIENCE_S} s")


def raw_subscriber(context: "zmq.Context[zmq.Socket[bytes]]", endpoint: str) -> "zmq.Socket[bytes]":
    """A SUB socket that holds next to nothing, for a subscriber that does not read."""
    socket = context.socket(zmq.SUB)
    socket.set(zmq.RCVHWM, 1)
    socket.set(zmq.RCVBUF, 4096)
    socket.set(zmq.LINGER, 0)
    socket.subscribe("")
    socket.connect(endpoint)
    return socket
