"""Where a camera is on this machine, and why it cannot be opened."""

import os
import sys
from pathlib import Path

from engine.errors import SourceError, Trouble


class CameraDevice:
    """A camera by index or by path.

    Args:
        target: `0`, `/dev/video0`, `/dev/v4l/by-id/...`.
    """

    def __init__(self, target: str) -> None:
        self.name = target
        self.handle: int | str = int(target) if target.isdecimal() else target

    @property
    def path(self) -> Path | None:
        """Its device file; None where the system has none for an index."""
        if isinstance(self.handle, str):
            return Path(self.handle)
        return Path(f"/dev/video{self.handle}") if sys.platform == "linux" else None

    @property
    def vanished(self) -> bool:
        """Whether its device file is known to be missing."""
        return self.path is not None and not self.path.exists()

    def check(self) -> None:
        """Refuse a device that is missing or forbidden.

        Raises:
            SourceError: `not_found` or `denied`.
        """
        if self.vanished:
            raise SourceError(
                f"camera {self.name}: {self.path} does not exist: plug it in, or name another "
                f"({_present()})",
                Trouble.NOT_FOUND,
                transient=True,
            )
        if self.path is not None and not os.access(self.path, os.R_OK | os.W_OK):
            raise SourceError(
                f"camera {self.name}: no permission to read and write {self.path}: on Linux add "
                "yourself to the group 'video' and log in again",
                Trouble.DENIED,
                transient=True,
            )

    def refusal(self) -> SourceError:
        """Why a device that passed `check` does not open."""
        if self.path is not None:
            return SourceError(
                f"camera {self.name} is there but cannot be opened: close the program that uses "
                "it (or it is no capture device)",
                Trouble.BUSY,
                transient=True,
            )
        return SourceError(
            f"camera {self.name} cannot be opened: there is none of this number, or another "
            "program uses it, or this program may not use cameras (see the privacy settings)",
            Trouble.NOT_FOUND,
            transient=True,
        )


def _present() -> str:
    found = sorted(str(path) for path in Path("/dev").glob("video*"))
    return f"present: {', '.join(found)}" if found else "no camera is present"
