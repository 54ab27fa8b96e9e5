"""Pose stages take turns over clips."""

import numpy as np
import pytest

from benchmarks.pose.contenders import policies
from benchmarks.pose.laps import Lap, in_turns, of_clips, summary
from engine.errors import UsageError
from engine.frames import Frame

_FRAMES = [Frame(np.zeros((4, 4, 3), np.uint8), 0, 0, index) for index in range(3)]


class Told:
    """A runner that tells what is asked of it."""

    def __init__(self, name: str, heard: list[str]) -> None:
        self._name, self._heard = name, heard

    def begin(self) -> None:
        self._heard.append(self._name)

    def step(self, frame: Frame) -> bool:
        return frame.index == 2

    def close(self) -> None: ...


def test_they_take_turns_clip_by_clip_and_each_is_first_once() -> None:
    heard: list[str] = []
    runners = {name: Told(name, heard) for name in "ab"}
    rounds = in_turns(runners, {"x": _FRAMES, "y": _FRAMES}, 2)
    assert "".join(heard) == "abab" + "baba"
    assert [len(lap.frame_ms) for lap in rounds[1]["a"]] == [3, 3]
    assert rounds[0]["b"][0].both_hands == (False, False, True)


def test_ratios_are_medians_of_rounds_and_times_of_single_frames() -> None:
    def lap(clip: str, ms: float) -> Lap:
        return Lap(clip, (ms, ms), (True, False), 3 * ms)

    rounds = [
        {"slow": [lap("x", slow), lap("y", 1.0)], "quick": [lap("x", 10.0), lap("y", 1.0)]}
        for slow in (20.0, 30.0, 90.0)
    ]
    told = summary(of_clips(rounds, ["x"]), ("slow",))
    assert told["quick"]["ratio"] == {"slow": 3.0}
    assert told["quick"]["times"] == {"slow": [2.0, 3.0, 9.0]}
    assert told["quick"]["fps"] == 100.0
    assert told["quick"]["cpu_ms"] == 15.0
    assert told["slow"]["frame_ms"]["count"] == 6
    assert told["slow"]["both_hands_ms"]["count"] == 3


def test_policies_are_named_with_or_without_a_precision() -> None:
    chosen = policies(["exact", "all by turns/bf16"])
    assert [(each.policy, each.precision) for each in chosen] == [
        ("exact", "f32"),
        ("all by turns", "bf16"),
    ]
    assert len(policies([])) > 3
    for wrong in ("exactly", "exact/f16"):
        with pytest.raises(UsageError, match=wrong):
            policies([wrong])
