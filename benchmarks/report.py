"""Figures with what is needed to judge them: machine, versions, commit, sample counts."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import psutil

from engine.commands.assembly import versions
from engine.machine import this_machine

Result = dict[str, Any]


TOLD_FROM = 10_000
"""With fewer values p99.9 would be the word of less than ten of them."""


def percentiles(values_ms: Sequence[float], digits: int = 3) -> Result:
    """p50, p95, p99, p99.9 and max of durations, and their count; p99.9 of few is None."""
    if not values_ms:
        return {"count": 0}
    p50, p95, p99, p999 = np.percentile(np.asarray(values_ms), (50, 95, 99, 99.9))
    return {
        "count": len(values_ms),
        "p50": round(float(p50), digits),
        "p95": round(float(p95), digits),
        "p99": round(float(p99), digits),
        "p99.9": round(float(p999), digits) if len(values_ms) >= TOLD_FROM else None,
        "max": round(float(max(values_ms)), digits),
    }


def machine() -> Result:
    """What the figures were taken on."""
    return {
        **msgspec.to_builtins(this_machine()),
        "load_1min": round(psutil.getloadavg()[0], 2),
        "versions": versions(),
        "commit": _commit(),
    }


def package_versions(names: Sequence[str]) -> Result:
    """Of packages that only some benchmarks use; those that are not installed are left out."""
    found: Result = {}
    for name in names:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def publish(name: str, result: Result, out: Path | None) -> None:
    """Print a result, and write it as JSON if asked to."""
    record = {"benchmark": name, "machine": machine(), **result}
    text = json.dumps(record, indent=2, ensure_ascii=False)
    print(text)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", encoding="utf-8")


def _commit() -> str:
    git = shutil.which("git")
    if git is None:
        return "unknown"
    run = subprocess.run(
        [git, "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return run.stdout.strip() or "unknown"
