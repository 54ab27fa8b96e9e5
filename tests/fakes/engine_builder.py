"""A process that wants an engine: `python -m tests.fakes.engine_builder ROLE CACHE NOTES`.

It leaves notes, empty files, so that a test knows how far it has come:

- `building-PID` when its build begins;
- `waiting-PID` when it waits for another process.

ROLE is `meet`: its build lasts until another process waits for it; or `hang`: for ever.
"""

import os
import sys
import time
from pathlib import Path

from engine.engine_cache import EngineCache
from tests.fakes.engines import KEY

_GIVE_UP_S = 60.0
_LOOK_S = 0.01


def wait_for(notes: Path, pattern: str) -> None:
    """Return once there is such a note.

    Raises:
        TimeoutError: There is none for a minute.
    """
    end_s = time.monotonic() + _GIVE_UP_S
    while not list(notes.glob(pattern)):
        if time.monotonic() > end_s:
            raise TimeoutError(f"no {pattern} in {notes}")
        time.sleep(_LOOK_S)


def main(role: str, folder: Path, notes: Path) -> None:
    """Get an engine and print whether it was built here."""

    def build() -> bytes:
        (notes / f"building-{os.getpid()}").touch()
        wait_for(notes, "waiting-*" if role == "meet" else "never")
        return f"built by {os.getpid()}".encode()

    def sleep(duration_s: float) -> None:
        (notes / f"waiting-{os.getpid()}").touch()
        time.sleep(duration_s)

    given = EngineCache(folder, sleep=sleep).get_or_build(KEY, build)
    sys.stdout.write(f"{given.built} {given.plan.decode()}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
