import threading
from typing import Any

from engine.messages import Message
from engine.runtime.drops import DropLedger
from engine.runtime.sink_runner import SinkRunner
from tests.wire.samples import encoder, wire


class ListSink:
    """Keeps topics; can be held up or made to fail."""

    def __init__(self) -> None:
        self.topics: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.fail = False
        self.closed = 0

    def put(self, topic: str, message: Message[Any]) -> None:
        assert self.gate.wait(10)
        if self.fail:
            raise RuntimeError("the viewer broke")
        self.topics.append(topic)

    def close(self) -> None:
        self.closed += 1


def started(sink: ListSink) -> tuple[SinkRunner, DropLedger]:
    drops = DropLedger()
    runner = SinkRunner("list", sink, drops)
    runner.start()
    return runner, drops


def test_everything_arrives_before_close_returns() -> None:
    sink = ListSink()
    runner, drops = started(sink)
    wired = wire(encoder(), "log")
    for _ in range(100):
        runner.put(wired.topic, wired.message)
    runner.close()
    assert len(sink.topics) == 100
    assert sink.closed == 1
    assert drops.totals() == {}


def test_a_slow_sink_loses_the_oldest_and_they_are_counted() -> None:
    sink = ListSink()
    sink.gate.clear()
    runner, drops = started(sink)
    wired = wire(encoder(), "log")
    for _ in range(300):
        runner.put(wired.topic, wired.message)
    sink.gate.set()
    runner.close()
    assert len(sink.topics) + drops.totals()["sink-list"]["slow"] == 300


def test_a_sink_that_raises_is_switched_off_and_the_rest_goes_on() -> None:
    sink = ListSink()
    sink.fail = True
    runner, drops = started(sink)
    wired = wire(encoder(), "log")
    while not sink.closed:
        runner.put(wired.topic, wired.message)
    while not drops.totals().get("sink-list", {}).get("failed"):
        runner.put(wired.topic, wired.message)
    runner.close()
    assert sink.topics == []
