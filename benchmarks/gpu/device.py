"""What `nvidia-smi` says: the device, and how much of its memory is taken."""

import shutil
import subprocess

from benchmarks.report import Result

_WITHIN_S = 20.0


def described() -> Result | None:
    """The first device; None if there is none to ask."""
    names = ("name", "driver_version", "memory.total", "clocks.max.sm", "power.limit")
    values = _asked(names)
    return dict(zip(names, values, strict=True)) if values else None


def memory_mb() -> float | None:
    """Taken on the first device, by anybody; None if there is none to ask."""
    values = _asked(("memory.used",))
    try:
        return float(values[0].split()[0])
    except (IndexError, ValueError):
        return None


def _asked(names: tuple[str, ...]) -> list[str]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    command = [program, f"--query-gpu={','.join(names)}", "--format=csv,noheader"]
    try:
        run = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_WITHIN_S
        )
    except subprocess.TimeoutExpired:
        return []
    lines = run.stdout.splitlines()
    if run.returncode or not lines:
        return []
    values = [value.strip() for value in lines[0].split(",")]
    return values if len(values) == len(names) else []
