"""No test leaves a process behind."""

from collections.abc import Iterator
from multiprocessing import active_children

import pytest


@pytest.fixture(autouse=True)
def no_processes_left() -> Iterator[None]:
    yield
    left = active_children()
    for process in left:
        process.kill()
    assert not left, f"processes left behind: {left}"
