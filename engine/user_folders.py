"""Where files of the user belong, and whether others could have changed them."""

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

from engine.errors import ConfigError


def engine_folder(
    platform: str = sys.platform, environment: Mapping[str, str] | None = None
) -> Path:
    """Where engines are kept unless told otherwise: in the user's cache.

    Args:
        platform: As `sys.platform`.
        environment: `os.environ` by default.

    Raises:
        ConfigError: The user has no home.
    """
    known = os.environ if environment is None else environment
    return _cache(platform, known) / "fidget" / "engines"


def _cache(platform: str, environment: Mapping[str, str]) -> Path:
    variable = {"win32": "LOCALAPPDATA", "darwin": ""}.get(platform, "XDG_CACHE_HOME")
    named = Path(environment.get(variable, ""))
    if named.is_absolute():  # the specification of XDG wants others ignored
        return named
    usual = {"win32": "AppData/Local", "darwin": "Library/Caches"}.get(platform, ".cache")
    try:
        return Path.home() / usual
    except RuntimeError as error:
        raise ConfigError(
            "no folder for engines was named and this user has no home: name one"
        ) from error


def distrust(path: Path) -> str:
    """Why what lies at `path` may not be run as code, as words; empty if it may.

    It must be the user's own and writable by nobody else. On Windows the user's cache is closed to
    others by its access list, and nothing is looked at here.

    Raises:
        OSError: It is not there.
    """
    if sys.platform == "win32":
        return ""
    status = path.stat()
    if status.st_uid != os.geteuid():
        return (
            f"{path} belongs to user {status.st_uid}, expected the user who runs this "
            f"({os.geteuid()}), as engines are run as code: name a folder of your own"
        )
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return (
            f"{path} may be written by other users (mode {stat.S_IMODE(status.st_mode):o}), and "
            f"engines are run as code: chmod go-w '{path}' once you trust what is in it, or "
            "delete it"
        )
    return ""
