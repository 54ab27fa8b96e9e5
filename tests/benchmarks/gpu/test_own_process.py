"""A part that goes wrong is told of in words and takes nothing along."""

import pytest

from benchmarks.gpu.gaps import Gaps
from benchmarks.gpu.options import GpuOptions
from benchmarks.gpu.own_process import Part, run_part
from benchmarks.report import Result
from engine.serving.backend_spec import BackendSpec
from tests.benchmarks.gpu import parts

LONG_S = 60.0


@pytest.mark.parametrize(
    ("part", "limit_s", "figures", "what", "why"),
    [
        (parts.finds_something, LONG_S, {"backend": "any"}, "half of it", "the device is gone"),
        (parts.dies, LONG_S, {"kept": 1}, "all of it", "its process was ended by SIGTERM"),
        (parts.breaks, LONG_S, {}, "all of it", "its process ended with exit code 3"),
        (parts.hangs, 2.0, {}, "all of it", "took longer than 2 s and was broken off"),
    ],
)
def test_what_was_found_is_kept_and_the_end_is_told(
    part: Part, limit_s: float, figures: Result, what: str, why: str
) -> None:
    gaps = Gaps()
    found = run_part("all of it", part, BackendSpec("any"), GpuOptions(), gaps, limit_s)
    assert found == figures
    assert gaps.told == [{"what": what, "why": why}]
