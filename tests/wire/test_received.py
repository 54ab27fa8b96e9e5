import subprocess
import sys
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal after a given time")
def test_an_interrupt_at_any_moment_stays_one_and_breaks_nothing() -> None:
    command = [sys.executable, "-m", "tests.wire.interrupted"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_every_one_who_waits_is_woken() -> None:
    inbox = Inbox(2)
    item = Received("a.", samples.wire(samples.encoder(), "log").message, 0, 0)
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(inbox.get, None) for _ in range(3)]
        inbox.put(item)
        inbox.put(item)
        wait(waiting, timeout=10, return_when=FIRST_COMPLETED)
        inbox.close(SchemaError("newer"))
        ends = [one.exception(10) or one.result() for one in waiting]
    assert sum(end == item for end in ends) == 2
    assert sum(isinstance(end, SchemaError) for end in ends) == 1
