"""What machine this is, as far as it decides how fast things are."""

import platform
from pathlib import Path

from msgspec import Struct

_CPUINFO = Path("/proc/cpuinfo")


class Machine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A machine.

    Attributes:
        cpu: Name of its processor.
        cores: Logical ones.
        memory_gb: All of its memory.
        system: Operating system and architecture.
    """

    cpu: str
    cores: int
    memory_gb: float
    system: str


def this_machine() -> Machine:
    """The one this runs on."""
    import psutil  # here: every command reads the schema, and hardly one asks

    return Machine(
        cpu=_cpu_name(),
        cores=psutil.cpu_count(logical=True) or 1,
        memory_gb=round(psutil.virtual_memory().total / 2**30, 1),
        system=f"{platform.system()} {platform.machine()}",
    )


def _cpu_name() -> str:
    """As Linux tells it; `platform` has no name there."""
    if _CPUINFO.exists():
        for line in _CPUINFO.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor()
