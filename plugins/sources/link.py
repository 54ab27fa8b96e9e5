"""One connection to a live camera, and a picture as it arrives on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from engine.contracts import SourceInfo
from engine.frames import U8


@dataclass(frozen=True)
class Shot:
    """A picture that has arrived. Decoding waits until somebody wants it.

    Attributes:
        capture_ns: When it had arrived, before decoding.
        decode: Gives the `(H, W, 3)` uint8 RGB image. Raises `SourceError` (`bad_frame`).
        fingerprint: Equal for equal pictures; None where the stream cannot tell.
        spent_ms: Decoding time that was spent already while grabbing.
        jumped: The camera's own time went backwards here.
    """

    capture_ns: int
    decode: Callable[[], U8]
    fingerprint: int | None = None
    spent_ms: float = 0.0
    jumped: bool = False


class Link(Protocol):
    """An open camera or stream; used by one thread."""

    info: SourceInfo

    def grab(self) -> Shot | None:
        """Block until something has arrived; None if it is no whole picture yet.

        Raises:
            SourceError: The camera or the connection is lost.
        """
        ...

    def close(self) -> None:
        """Let go of it. Idempotent; never raises."""
        ...
