"""Where a live run's messages go: socket, recording and sinks, in the publish thread."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from engine.clock import NS_PER_S, Clock
from engine.messages import Health, LogRecord, SessionInfo
from engine.poses import PoseSample
from engine.redaction import redact
from engine.runtime.edges import GIVEN_UP, RECOGNISE
from engine.runtime.health import HealthReporter
from engine.runtime.ports import CountsOf, Outgoing
from engine.runtime.sink_runner import SinkRunner
from engine.topics import TOPICS
from engine.wire.encoder import MessageEncoder
from engine.wire.pose_codec import pose_body
from engine.wire.publisher import Publisher
from engine.wire.recorder import Recorder
from engine.wire.records import SchedulerDecision


class RunOutlet:
    """Encodes every item once and hands the same bytes to everybody.

    Args:
        encoder: Of the session.
        publisher: None binds no socket.
        recorder: None records nothing.
        sinks: Shown to people or other systems.
        health: Makes health messages.
        session: The session message of the start.
        clock: Time.
    """

    def __init__(
        self,
        *,
        encoder: MessageEncoder,
        publisher: Publisher | None,
        recorder: Recorder | None,
        sinks: Sequence[SinkRunner],
        health: HealthReporter,
        session: SessionInfo,
        clock: Clock,
    ) -> None:
        self._encoder = encoder
        self._publisher = publisher
        self._recorder = recorder
        self._sinks = sinks
        self._health = health
        self._session = session
        self._clock = clock
        self._session_due_ns = 0
        self._epoch = 0

    def open(self) -> None:
        """See `Outlet.open`."""
        for sink in self._sinks:
            sink.start()

    def put(self, item: Outgoing) -> None:
        """See `Outlet.put`."""
        if TOPICS[item.kind].per_stream:
            self._epoch = item.epoch
        body = pose_body(item.body) if isinstance(item.body, PoseSample) else item.body
        name = body.level if isinstance(body, LogRecord) else item.stream
        self._send(item.kind, name, body, item.capture_ns, item.decided_ns, item.degrade_level)

    def health(self, counts: CountsOf) -> None:
        """See `Outlet.health`."""
        now_ns = self._clock.now_ns()
        if now_ns >= self._session_due_ns:
            self._own("session", self._session)
            self._session_due_ns = now_ns + round(NS_PER_S / (TOPICS["session"].rate_hz or 0.1))
        self._own("health", self._report(counts, "running"))

    def close(self, counts: CountsOf, exit_code: int) -> None:
        """See `Outlet.close`."""
        ended = msgspec.structs.replace(self._session, state="ended", exit_code=exit_code)
        try:
            self._own("health", self._report(counts, "stopped"))
            self._own("session", ended)
        finally:
            for sink in self._sinks:
                sink.close()

    def _report(self, counts: CountsOf, state: str) -> Health:
        recorder = self._recorder.state if self._recorder else "off"
        return self._health.report(counts, state=state, recorder=recorder)

    def _own(self, kind: str, body: Any) -> None:
        now_ns = self._clock.now_ns()
        self._send(kind, "", body, now_ns, now_ns, 0)

    def _send(
        self,
        kind: str,
        name: str,
        body: Any,
        capture_ns: int,
        decided_ns: int,
        degrade_level: int,
    ) -> None:
        wired = self._encoder.encode(
            kind,
            body,
            stream=name,
            epoch=self._epoch,
            capture_ns=capture_ns,
            decided_ns=decided_ns,
            degrade_level=degrade_level,
        )
        if self._publisher:
            self._publisher.send(wired)
        if self._recorder:
            self._recorder.put(wired)
        for sink in self._sinks:
            sink.put(wired.topic, wired.message)


class RecorderTap:
    """Gives the recorder what enters the recogniser and what does not.

    Args:
        recorder: The recorder.
        clock: Time.
        stream: Name of the stream.
    """

    def __init__(self, recorder: Recorder, clock: Clock, stream: str) -> None:
        self._recorder = recorder
        self._stream = stream
        self._clock = clock

    def sample(self, sample: PoseSample) -> None:
        """See `PoseTap.sample`."""
        self._recorder.put(sample, self._stream)

    def dropped(self, edge: str, cause: str, sample: PoseSample) -> None:
        """See `PoseTap.dropped`."""
        self._decided(self._clock.now_ns(), edge, cause, sample.seq)

    def given_up(self, t_ns: int) -> None:
        """The tick of this instant has no scores; a replay leaves them out, too. Any thread."""
        self._decided(t_ns, RECOGNISE, GIVEN_UP, None)

    def _decided(self, at_ns: int, edge: str, cause: str, sample_seq: int | None) -> None:
        self._recorder.put(
            SchedulerDecision(
                at_ns=at_ns, edge=edge, cause=cause, sample_seq=sample_seq, stream=self._stream
            )
        )


@contextmanager
def on_feed(publish: Callable[[str, Any], None]) -> Iterator[None]:
    """Warnings and errors of this process go to the feed meanwhile.

    Args:
        publish: Takes a topic kind and a body.
    """
    handler = FeedLogHandler(publish)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


class FeedLogHandler(logging.Handler):
    """Puts warnings and errors on the feed.

    Args:
        publish: Takes a topic kind and a body.
    """

    def __init__(self, publish: Callable[[str, Any], None]) -> None:
        super().__init__(logging.WARNING)
        self._publish = publish

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record."""
        level = "error" if record.levelno >= logging.ERROR else "warning"
        text = redact(record.getMessage())
        self._publish("log", LogRecord(level=level, logger=record.name, message=text))
