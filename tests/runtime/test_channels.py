import threading

import pytest

from engine.runtime.channels import Channel, Closed, Policy


def test_latest_keeps_only_the_newest_and_counts_the_rest() -> None:
    lost: list[int] = []
    channel: Channel[int] = Channel("edge", Policy.LATEST, on_drop=lost.append)
    for i in range(5):
        channel.put(i)
    assert channel.get() == 4
    assert (lost, channel.dropped, len(channel)) == ([0, 1, 2, 3], 4, 0)


def test_drop_oldest_keeps_order_and_the_newest() -> None:
    channel: Channel[int] = Channel("edge", Policy.DROP_OLDEST, 3)
    for i in range(5):
        channel.put(i)
    assert [channel.get() for _ in range(3)] == [2, 3, 4]


def test_what_sheds_first_gives_way_before_older_items() -> None:
    channel: Channel[str] = Channel(
        "edge", Policy.DROP_OLDEST, 3, sheds_first=lambda item: item.startswith("pose")
    )
    for item in ("end", "pose 1", "pose 2", "start", "end 2", "end 3"):
        channel.put(item)
    assert [channel.get() for _ in range(3)] == ["start", "end 2", "end 3"]
    assert channel.dropped == 3


def test_block_makes_the_sender_wait_and_loses_nothing() -> None:
    channel: Channel[int] = Channel("edge", Policy.BLOCK, 2)

    def send() -> None:
        for i in range(100):
            channel.put(i)

    sender = threading.Thread(target=send)
    sender.start()
    got = [channel.get(5.0) for _ in range(100)]
    sender.join(5.0)
    assert got == list(range(100))
    assert channel.dropped == 0


def test_get_gives_none_after_its_timeout() -> None:
    assert Channel[int]("edge", Policy.LATEST).get(0.0) is None


def test_a_closed_channel_is_read_to_its_end() -> None:
    channel: Channel[int] = Channel("edge", Policy.DROP_OLDEST, 3)
    channel.put(1)
    channel.close()
    assert channel.get() == 1
    with pytest.raises(Closed):
        channel.get()
    with pytest.raises(Closed):
        channel.put(2)


def test_an_offer_never_waits() -> None:
    channel: Channel[int] = Channel("edge", Policy.BLOCK, 1)
    assert [channel.offer(0), channel.offer(1)] == [True, False]
    assert channel.get() == 0
    channel.close()
    assert not channel.offer(2)
    newest: Channel[int] = Channel("edge", Policy.LATEST)
    assert [newest.offer(0), newest.offer(1)] == [True, True]
    assert newest.get() == 1


@pytest.mark.parametrize("blocked_in", ["put", "get"])
def test_close_wakes_whoever_waits(blocked_in: str) -> None:
    channel: Channel[int] = Channel("edge", Policy.BLOCK, 1)
    if blocked_in == "put":
        channel.put(0)
    outcome: list[str] = []

    def wait() -> None:
        try:
            channel.put(1) if blocked_in == "put" else channel.get()
        except Closed:
            outcome.append("closed")

    waiter = threading.Thread(target=wait)
    waiter.start()
    channel.close()
    waiter.join(5.0)
    assert outcome == ["closed"]
