import psutil

from calibration.latency.load import every_core_busy


def test_a_process_for_each_core_and_none_afterwards() -> None:
    me = psutil.Process()
    before = set(me.children())
    with every_core_busy():
        busy = [each for each in me.children() if each not in before]
        spinning = [each for each in busy if "spawn_main" in " ".join(each.cmdline())]
        assert len(spinning) == psutil.cpu_count()
    assert not any(each.is_running() for each in spinning)
