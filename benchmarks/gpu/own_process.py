"""A part of the report in a process of its own: what a driver does to it, the rest survives."""

import json
import signal
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil

from benchmarks.gpu.gaps import Gaps
from benchmarks.gpu.options import GpuOptions
from benchmarks.report import Result
from engine.serving.backend_spec import BackendSpec

_KILLED_WITHIN_S = 10.0


@dataclass
class Report:
    """What a part has found so far; kept after each step, so that a crash loses one at most.

    Attributes:
        path: Where it is kept.
        figures: What was found.
        gaps: What was not.
    """

    path: Path
    figures: Result = field(default_factory=dict)
    gaps: Gaps = field(default_factory=Gaps)

    def keep(self) -> None:
        """Write it down, whole or not at all."""
        content = {"figures": self.figures, "gaps": self.gaps.told}
        partial = self.path.with_suffix(".part")
        partial.write_text(json.dumps(content), encoding="utf-8")
        partial.replace(self.path)


Part = Callable[[BackendSpec, GpuOptions, Report], None]
"""Puts what it finds of a backend into a report."""


def run_part(
    what: str, part: Part, spec: BackendSpec, options: GpuOptions, gaps: Gaps, limit_s: float
) -> Result:
    """Run a part and wait for it.

    Args:
        what: It, for `gaps`.
        part: A function of a module, which the other process imports.
        spec: Its backend.
        options: For `part`.
        gaps: Gets what it could not do, and how it ended if that was not well.
        limit_s: What takes longer is broken off.

    Returns:
        What it found.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.json")
        process = get_context("spawn").Process(
            target=_run, args=(part, spec, options, path), name="fidget-benchmark"
        )
        process.start()
        process.join(limit_s)
        late = process.is_alive()
        if late:
            _kill(process)
        content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    gaps.told += content.get("gaps", [])
    if late:
        gaps.add(what, f"took longer than {limit_s:.0f} s and was broken off")
    elif process.exitcode:
        gaps.add(what, _ended(process.exitcode))
    figures: Result = content.get("figures", {})
    return figures


def _kill(process: BaseProcess) -> None:
    """With the processes that it has started, which may hang in the same driver."""
    started = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    for child in started:
        with suppress(psutil.NoSuchProcess):
            child.kill()
    process.join(_KILLED_WITHIN_S)


def _run(part: Part, spec: BackendSpec, options: GpuOptions, path: Path) -> None:
    report = Report(path)
    part(spec, options, report)
    report.keep()


def _ended(code: int) -> str:
    if code > 0:
        return f"its process ended with exit code {code}"
    try:
        return f"its process was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"its process was ended by signal {-code}"
