"""The next item is made while the last one is worked on."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T]) -> Generator[T, None, None]:
    """The same items in the same order, each begun one item early in a thread of its own.

    What an item raises is raised here. Whoever stops early waits for the one that was begun.
    """
    with ThreadPoolExecutor(1, "ahead") as worker:
        begun = worker.submit(next, items, None)
        while (item := begun.result()) is not None:
            begun = worker.submit(next, items, None)
            yield item
