"""Two stages at once beside one Holistic."""

import threading
from collections.abc import Iterator
from itertools import cycle

import pytest

from benchmarks.pose import side_by_side as module
from benchmarks.pose.contenders import GRAPH
from engine.frames import Frame
from tests.pose.direct.portrait import room


class Alone:
    """A stage that does nothing."""

    def begin(self) -> None:
        pass

    def step(self, frame: Frame) -> bool:
        return False

    def close(self) -> None:
        pass


class Beside(Alone):
    """One that goes on only when another one is as far."""

    both = threading.Barrier(2, timeout=10)

    def __init__(self, *_: object) -> None:
        pass

    def step(self, frame: Frame) -> bool:
        self.both.wait()
        return False


def test_two_run_at_once_and_what_they_look_at_counts_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Four seconds for Holistic, five for both of the others.
    clock: Iterator[float] = cycle((0.0, 4.0, 10.0, 15.0))
    monkeypatch.setattr(module, "HolisticRunner", Alone)
    monkeypatch.setattr(module, "PluginRunner", Beside)
    monkeypatch.setattr(module, "perf_counter", lambda: next(clock))
    frames = [Frame(room(), number, 0, number) for number in range(1, 6)]
    told = module.side_by_side(GRAPH, {"one": frames, "two": frames}, 3)
    assert told == {"times": [1.6, 1.6, 1.6], "ratio": 1.6}
