"""Contenders take turns."""

import time
from functools import partial
from itertools import groupby

import psutil
import pytest
import torch

from benchmarks.engines.contenders import Contender
from benchmarks.engines.turns import Times, in_turns, one_core, ratio


def test_they_take_turns_and_each_gets_its_ticks() -> None:
    ticked: list[str] = []
    names = ("quick", "other")
    made = [Contender(name, partial(ticked.append, name)) for name in names]
    times = in_turns(made, steps=45, seconds=60.0)
    timed = "".join(name[0] for name in ticked[-90:])
    assert [len(times[name].wall) for name in names] == [45, 45]
    assert len(list(groupby(timed))) == 40, "20 rounds of both"


def test_a_slow_one_gets_fewer_ticks_but_some() -> None:
    slow = Contender("slow", lambda: time.sleep(0.002))
    assert len(in_turns([slow], steps=1_000, seconds=0.001)["slow"].wall) == 20


def test_it_is_not_timed_before_it_does_all_its_work() -> None:
    calls = 0

    def tick() -> None:
        nonlocal calls
        calls += 1
        if calls <= 30:
            time.sleep(0.001)

    times = in_turns([Contender("filling", tick, fill=30)], steps=20, seconds=60.0)
    assert min(times["filling"].wall) < 0.5
    assert calls == 30 + 20 + 20


def test_costs_and_ratios() -> None:
    slow, quick = Times([8.0] * 3, [6.0] * 3), Times([2.0] * 3, [1.0] * 3)
    assert slow.figures(4)["per_stream"] == {"p50": 2.0, "p99": 2.0}
    assert ratio(slow, quick) == {"wall": 4.0, "processor": 6.0}


def test_one_core_is_given_back() -> None:
    process = psutil.Process()
    if not hasattr(process, "cpu_affinity"):
        pytest.skip("this system cannot bind a process to a core")
    before, threads = process.cpu_affinity(), torch.get_num_threads()
    with one_core():
        assert len(process.cpu_affinity()) == 1
        assert torch.get_num_threads() == 1
    assert (process.cpu_affinity(), torch.get_num_threads()) == (before, threads)
