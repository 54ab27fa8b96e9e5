"""Tells a camera that repeats its last picture from one that looks at a still room."""

import zlib
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.clock import NS_PER_S

# Sensor noise changes about every pixel of every frame, so some thousand bytes are plenty.
_SAMPLE_BYTES = 4096


class Verdict(Enum):
    """What to do with a picture."""

    FRESH = "fresh"
    FROZEN = "frozen"
    REOPEN = "reopen"


class FrozenDetector:
    """Says when the same picture has been repeated for too long.

    Args:
        frozen_after_s: Repeats longer than this are `FROZEN`; 0 never.
        reopen_after_s: After this long frozen, and again each time it has passed, `REOPEN`.
    """

    def __init__(self, frozen_after_s: float, reopen_after_s: float) -> None:
        self._frozen_after_ns = round(frozen_after_s * NS_PER_S)
        self._reopen_after_ns = round(reopen_after_s * NS_PER_S)
        self._fingerprint: int | None = None
        self._since_ns = 0
        self._acted_ns = 0

    def see(self, fingerprint: int | None, now_ns: int) -> Verdict:
        """Judge the next picture; `fingerprint` None is always fresh."""
        if not self._frozen_after_ns or fingerprint is None or fingerprint != self._fingerprint:
            self._fingerprint = fingerprint
            self._since_ns = now_ns
            self._acted_ns = now_ns + self._frozen_after_ns
            return Verdict.FRESH
        if now_ns - self._since_ns < self._frozen_after_ns:
            return Verdict.FRESH
        if now_ns - self._acted_ns >= self._reopen_after_ns:
            self._acted_ns = now_ns
            return Verdict.REOPEN
        return Verdict.FROZEN

    def repeated_s(self, now_ns: int) -> float:
        """For how long the present picture has been the same."""
        return (now_ns - self._since_ns) / NS_PER_S


def fingerprint(image: npt.NDArray[Any]) -> int:
    """A cheap checksum of about 4000 bytes spread over a contiguous `image`."""
    flat = image.reshape(-1).view(np.uint8)
    # An odd step, so that rows and channels are not sampled at the same place each time.
    step = max(1, flat.size // _SAMPLE_BYTES) | 1
    return zlib.crc32(flat[::step].tobytes())
