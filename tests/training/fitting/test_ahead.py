import threading
from collections.abc import Iterator

import pytest

from training.fitting.ahead import ahead


def test_items_come_in_order() -> None:
    assert list(ahead(iter(range(1, 20)))) == list(range(1, 20))
    assert list(ahead(iter(()))) == []


def test_the_next_item_is_made_while_one_is_worked_on() -> None:
    made = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        made.set()
        yield 2

    assert next(ahead(items())) == 1
    assert made.wait(5.0)


def test_what_goes_wrong_is_raised_where_the_items_are_used() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("torn shard")

    with pytest.raises(ValueError, match="torn shard"):
        list(ahead(items()))


def test_stopping_early_leaves_no_thread() -> None:
    items = ahead(iter(range(1, 20)))
    next(items)
    items.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ahead")]
