import os
import sys
from pathlib import Path

import pytest

from engine.errors import ConfigError
from engine.user_folders import distrust, engine_folder
from tests.base.systems import posix_only


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("platform", "usual"),
    [("linux", ".cache"), ("darwin", "Library/Caches"), ("win32", "AppData/Local")],
)
def test_engines_lie_in_the_cache_of_the_user(home: Path, platform: str, usual: str) -> None:
    assert engine_folder(platform, {}) == home / usual / "fidget" / "engines"


@pytest.mark.parametrize(
    ("platform", "variable"), [("linux", "XDG_CACHE_HOME"), ("win32", "LOCALAPPDATA")]
)
def test_the_system_may_name_another_cache(tmp_path: Path, platform: str, variable: str) -> None:
    named = engine_folder(platform, {variable: str(tmp_path / "here")})
    assert named == tmp_path / "here" / "fidget" / "engines"


def test_a_cache_that_is_named_relative_to_nothing_is_ignored(home: Path) -> None:
    assert engine_folder("linux", {"XDG_CACHE_HOME": "here"}).is_relative_to(home / ".cache")


def test_a_user_without_a_home_is_told_to_name_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(ConfigError, match="name one"):
        engine_folder("linux", {})


@posix_only
@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_what_only_the_user_may_write_is_trusted(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    assert distrust(tmp_path) == ""


@posix_only
@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777])
def test_what_others_may_write_is_not(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    assert "may be written by other users" in distrust(tmp_path)
    assert f"chmod go-w '{tmp_path}'" in distrust(tmp_path)


@posix_only
def test_what_is_of_another_user_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    owner = tmp_path.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert f"belongs to user {owner}" in distrust(tmp_path)


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("NOT POSIX: nothing is looked at")
    with pytest.raises(FileNotFoundError):
        distrust(tmp_path / "nothing")
