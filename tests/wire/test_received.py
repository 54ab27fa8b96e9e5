import pytest

from engine.errors import SchemaError
from engine.wire.received import Inbox, Received
from tests.wire import samples


def test_what_the_buffer_pushes_out_is_owed_to_the_next_of_the_same_topic() -> None:
    message = samples.wire(samples.encoder(), "log").message
    inbox = Inbox(2)
    for topic, lost in (("a.", 1), ("b.", 0), ("a.", 2), ("a.", 0), ("b.", 0)):
        inbox.put(Received(topic, message, 0, lost))
    # Pushed out were a (1 lost before it), b and a (2 lost before it).
    first, second = inbox.get(0), inbox.get(0)
    assert first is not None
    assert second is not None
    assert (first.topic, first.lost_before) == ("a.", 5)
    assert (second.topic, second.lost_before) == ("b.", 1)
    assert inbox.dropped == 3


def test_what_came_before_an_error_can_still_be_read() -> None:
    inbox = Inbox(2)
    item = Received("a.", samples.wire(samples.encoder(), "log").message, 0, 0)
    inbox.put(item)
    inbox.close(SchemaError("newer"))
    assert inbox.get(0) == item
    with pytest.raises(SchemaError):
        inbox.get(0)
