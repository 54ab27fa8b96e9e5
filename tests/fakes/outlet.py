"""An outlet that keeps what it gets."""

import threading
from collections.abc import Callable
from typing import Any

from engine.runtime.ports import CountsOf, Outgoing


class ListOutlet:
    """Remembers every item; `wait_for` blocks until one matches."""

    def __init__(self) -> None:
        self.items: list[Outgoing] = []
        self.healths = 0
        self.closed = False
        self.fail_with: BaseException | None = None
        self._condition = threading.Condition()

    def open(self) -> None:
        pass

    def put(self, item: Outgoing) -> None:
        if self.fail_with is not None:
            raise self.fail_with
        with self._condition:
            self.items.append(item)
            self._condition.notify_all()

    def health(self, counts: CountsOf) -> None:
        self.healths += 1

    def close(self, counts: CountsOf, exit_code: int) -> None:
        self.closed = True
        self.exit_code = exit_code

    def of_kind(self, kind: str) -> list[Any]:
        return [item.body for item in self.items if item.kind == kind]

    def wait_for(self, predicate: Callable[[Outgoing], bool], timeout_s: float = 10.0) -> None:
        with self._condition:
            found = self._condition.wait_for(
                lambda: any(predicate(item) for item in self.items), timeout_s
            )
        assert found, "nothing matched in time"
