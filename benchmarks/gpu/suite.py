"""The tests that need a GPU, and how they went."""

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.gpu.gaps import Gaps
from benchmarks.report import Result

WHAT = "the tests that are marked `gpu`"
_ROOT = Path(__file__).resolve().parents[2]


def gpu_tests(gaps: Gaps, limit_s: float, folder: Path = _ROOT) -> Result:
    """Run `pytest -m gpu`.

    Args:
        gaps: Gets the reasons of skipped tests, and why there are no counts if there are none.
        limit_s: What takes longer is broken off.
        folder: Where the tests are.

    Returns:
        Counts of tests that passed, failed and were skipped, and the names of those that failed.
    """
    with tempfile.TemporaryDirectory() as place:
        told = Path(place, "tests.xml")
        command = [
            *(sys.executable, "-m", "pytest", "-m", "gpu", "-q", "-p", "no:cacheprovider"),
            f"--junitxml={told}",
        ]
        try:
            subprocess.run(command, cwd=folder, timeout=limit_s, check=False, capture_output=True)
        except subprocess.TimeoutExpired:
            gaps.add(WHAT, f"took longer than {limit_s:.0f} s and were broken off")
            return {}
        if not told.exists():
            gaps.add(WHAT, "pytest ended without a report")
            return {}
        return _counted(ElementTree.parse(told).getroot(), gaps)


def _counted(suites: ElementTree.Element, gaps: Gaps) -> Result:
    cases = list(suites.iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None or _broke(case)]
    skipped = [skip for case in cases if (skip := case.find("skipped")) is not None]
    for reason in sorted({skip.get("message", "") for skip in skipped}):
        gaps.add(f"some of {WHAT}", reason)
    return {
        "passed": len(cases) - len(failed) - len(skipped),
        "failed": len(failed),
        "skipped": len(skipped),
        "which_failed": [f"{case.get('classname')}.{case.get('name')}" for case in failed],
    }


def _broke(case: ElementTree.Element) -> bool:
    return case.find("error") is not None
