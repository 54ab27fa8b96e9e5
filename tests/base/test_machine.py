import platform
from pathlib import Path

import psutil
import pytest

from engine import machine


def test_it_is_told_in_full() -> None:
    told = machine.this_machine()
    assert told.cores == psutil.cpu_count()
    assert told.memory_gb > 0.1
    assert platform.machine() in told.system


def test_the_processor_has_a_name_where_linux_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "cpuinfo"
    told.write_text("processor\t: 0\nmodel name\t: Some CPU @ 3 GHz\n", encoding="utf-8")
    monkeypatch.setattr(machine, "_CPUINFO", told)
    assert machine.this_machine().cpu == "Some CPU @ 3 GHz"
