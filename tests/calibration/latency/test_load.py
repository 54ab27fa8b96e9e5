import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from calibration.latency.load import every_core_busy


def test_a_process_for_each_core_and_none_afterwards() -> None:
    with every_core_busy() as pids:
        assert len(set(pids)) == psutil.cpu_count()
        assert all(psutil.pid_exists(pid) for pid in pids)
    assert not any(psutil.pid_exists(pid) for pid in pids)


SCRIPT = """
import sys

from calibration.latency.load import every_core_busy

if __name__ == "__main__":
    with every_core_busy() as pids:
        print(*pids, flush=True)
        sys.stdin.read()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_they_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "busy.py"
    script.write_text(SCRIPT, encoding="utf-8")
    root = str(Path(__file__).parents[3])
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    ) as parent:
        assert parent.stdout is not None
        busy = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        assert busy
        parent.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(busy, timeout=20)
    for left in alive:
        left.kill()
    assert not alive
