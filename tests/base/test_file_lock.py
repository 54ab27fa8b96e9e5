from pathlib import Path

import pytest

from engine.file_lock import FileLock


class Hours:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def sleep(self, duration_s: float) -> None:
        self.now_s += duration_s


@pytest.fixture
def hours() -> Hours:
    return Hours()


def lock(path: Path, hours: Hours) -> FileLock:
    return FileLock(path, lambda: hours.now_s, hours.sleep)


def test_who_comes_first_has_it_at_once(tmp_path: Path, hours: Hours) -> None:
    with lock(tmp_path / "lock", hours).held(10.0) as mine:
        assert mine
    assert hours.now_s == 0.0


def test_a_second_one_waits_and_gives_up(tmp_path: Path, hours: Hours) -> None:
    with lock(tmp_path / "lock", hours).held(0.0), lock(tmp_path / "lock", hours).held(3.0) as mine:
        assert not mine
    assert hours.now_s == pytest.approx(3.0, abs=0.1)


def test_a_second_one_gets_it_once_it_is_free(tmp_path: Path, hours: Hours) -> None:
    first = lock(tmp_path / "lock", hours).held(0.0)
    first.__enter__()

    def leave(duration_s: float) -> None:
        hours.sleep(duration_s)
        if hours.now_s > 1.0:
            first.__exit__(None, None, None)

    with FileLock(tmp_path / "lock", lambda: hours.now_s, leave).held(60.0) as mine:
        assert mine
    assert 1.0 < hours.now_s < 2.0


def test_an_old_file_is_no_lock(tmp_path: Path, hours: Hours) -> None:
    (tmp_path / "lock").write_bytes(b"left by somebody")
    with lock(tmp_path / "lock", hours).held(0.0) as mine:
        assert mine


def test_it_is_free_after_an_error(tmp_path: Path, hours: Hours) -> None:
    with pytest.raises(KeyError), lock(tmp_path / "lock", hours).held(0.0):
        raise KeyError
    with lock(tmp_path / "lock", hours).held(0.0) as mine:
        assert mine


def test_a_place_where_no_file_can_be_is_an_error(tmp_path: Path, hours: Hours) -> None:
    with pytest.raises(FileNotFoundError), lock(tmp_path / "none" / "lock", hours).held(0.0):
        pass
