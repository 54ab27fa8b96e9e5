"""Every registered sink takes every kind of message."""

import pytest

from engine import registry
from engine.contracts import Sink
from engine.topics import TOPICS
from tests.wire.samples import BODIES, encoder, wire


@pytest.fixture(params=registry.names("sinks"))
def sink(request: pytest.FixtureRequest) -> Sink:
    made: Sink = registry.create("sinks", request.param, {})
    return made


def test_it_takes_every_kind_of_message_and_closes_twice(sink: Sink) -> None:
    assert {kind for kind, _, _ in BODIES.values()} == set(TOPICS)
    made = encoder()
    for name in BODIES:
        wired = wire(made, name)
        sink.put(wired.topic, wired.message)
    sink.close()
    sink.close()
