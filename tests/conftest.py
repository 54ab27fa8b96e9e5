"""Fixtures for all tests: the development clips, and a watch on leaked threads."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def clips() -> Path:
    """Folder of the development clips; skips loudly where it is absent."""
    folder = Path(os.environ.get("FIDGET_CLIPS", _ROOT.parent / "shared" / "clips"))
    if not (folder / "annotations.csv").is_file():
        pytest.skip(
            f"NO CLIPS: {folder} is not there. Real people are not tested; "
            "set FIDGET_CLIPS to the folder of development clips."
        )
    return folder


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Every thread of ours that a test starts must have ended with it."""
    before = set(threading.enumerate())
    yield
    leaked = [
        thread
        for thread in threading.enumerate()
        if thread not in before and thread.name.startswith("fidget-")
    ]
    for thread in leaked:
        thread.join(2.0)
    alive = [thread.name for thread in leaked if thread.is_alive()]
    assert not alive, f"threads left behind: {alive}"
