"""The endless stream changes what it shows, and memory is judged from when it has settled."""

from itertools import pairwise

import numpy as np

from benchmarks.pose.endless import Reading, grown_mb, stretches

_CLIPS = [[np.zeros((8, 8 + k, 3), np.uint8)] * 40 for k in range(4)]
_ODD = [np.zeros((480, 8, 3), np.uint8), np.zeros((90, 160, 3), np.uint8)]


def test_clips_epochs_and_sizes_change_while_time_goes_on() -> None:
    frames = list(stretches(_CLIPS, _ODD, 2_000))
    assert len(frames) == 2_000
    assert all(one.capture_ns < other.capture_ns for one, other in pairwise(frames))
    assert all(one.epoch <= other.epoch for one, other in pairwise(frames))
    assert frames[-1].epoch > 10
    assert {frame.size[0] for frame in frames} == {8, 9, 10, 11, 160}
    changed = [(a, b) for a, b in pairwise(frames) if a.size != b.size]
    assert any(a.epoch == b.epoch for a, b in changed), "sizes change in mid-stream, too"


def test_memory_is_compared_with_when_it_had_settled() -> None:
    readings = [Reading(n, mb, 9) for n, mb in ((5, 300.0), (25, 310.5), (100, 305.0))]
    assert grown_mb(readings) == 10.5
