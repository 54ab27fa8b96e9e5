"""Counting the tests that need a GPU."""

from pathlib import Path

from benchmarks.gpu.gaps import Gaps
from benchmarks.gpu.suite import gpu_tests

TESTS = """
import pytest

@pytest.mark.gpu
def test_good(): pass

@pytest.mark.gpu
def test_bad(): assert 1 == 2

@pytest.mark.gpu
@pytest.mark.skip(reason="NO GPU: not here")
def test_skipped(): pass

def test_other(): assert False
"""


def folder_with(tests: str, folder: Path) -> Path:
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = gpu: needs one\n")
    (folder / "test_some.py").write_text(tests)
    return folder


def test_only_those_of_the_gpu_are_counted_and_skips_are_told(tmp_path: Path) -> None:
    gaps = Gaps()
    counts = gpu_tests(gaps, 60.0, folder_with(TESTS, tmp_path))
    assert counts == {
        "passed": 1,
        "failed": 1,
        "skipped": 1,
        "which_failed": ["test_some.test_bad"],
    }
    assert [gap["why"] for gap in gaps.told] == ["NO GPU: not here"]


def test_a_suite_that_hangs_is_broken_off(tmp_path: Path) -> None:
    gaps = Gaps()
    assert gpu_tests(gaps, 2.0, folder_with("import time; time.sleep(60)", tmp_path)) == {}
    assert gaps.told[0]["why"] == "took longer than 2 s and were broken off"
