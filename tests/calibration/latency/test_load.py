import psutil

from calibration.latency.load import every_core_busy


def test_a_process_for_each_core_and_none_afterwards() -> None:
    with every_core_busy() as pids:
        assert len(set(pids)) == psutil.cpu_count()
        assert all(psutil.pid_exists(pid) for pid in pids)
    assert not any(psutil.pid_exists(pid) for pid in pids)
