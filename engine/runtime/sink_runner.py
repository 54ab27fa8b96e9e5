"""A sink in its own thread with its own bounded queue: a slow viewer harms nobody else."""

import logging
from typing import Any

from engine.contracts import Sink
from engine.messages import Message
from engine.runtime.channels import Channel, Closed, Policy
from engine.runtime.drops import DropLedger
from engine.runtime.worker import Failure, Worker

logger = logging.getLogger(__name__)
_QUEUED = 256
_CLOSE_TIMEOUT_S = 2.0


class SinkRunner:
    """Feeds one sink.

    A sink that raises is switched off, logged and counted; the stream goes on without it.

    Args:
        name: Name of the sink plugin.
        sink: The sink.
        drops: Counts what the sink was too slow for, at edge `sink-<name>`.
    """

    def __init__(self, name: str, sink: Sink, drops: DropLedger) -> None:
        self._edge = f"sink-{name}"
        self._sink = sink
        self._drops = drops
        self._channel: Channel[tuple[str, Message[Any]]] = Channel(
            self._edge, Policy.DROP_OLDEST, _QUEUED, lambda _: drops.add(self._edge, "slow")
        )
        self._failure = Failure()
        self._worker = Worker(self._edge, self._loop, self._channel.close, self._failure)

    def start(self) -> None:
        """Begin."""
        self._worker.start()

    def put(self, topic: str, message: Message[Any]) -> None:
        """Hand over one message; never blocks, never raises."""
        try:
            self._channel.put((topic, message))
        except Closed:
            self._drops.add(self._edge, "failed")

    def close(self) -> None:
        """Let the sink finish what is queued, within a bound, and close it."""
        self._channel.close()
        if not self._worker.join(_CLOSE_TIMEOUT_S):
            logger.warning("%s did not finish within %g s", self._edge, _CLOSE_TIMEOUT_S)

    def _loop(self) -> None:
        try:
            while True:
                item = self._channel.get()
                if item is not None:
                    self._sink.put(*item)
        except Closed:
            return
        finally:
            self._sink.close()
