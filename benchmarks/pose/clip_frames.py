"""Frames of a clip in memory."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.clock import NS_PER_S, SystemClock
from engine.commands.assembly import make_source
from engine.contracts import Source
from engine.errors import EndOfStream
from engine.frames import Frame

_READ_TIMEOUT_S = 1.0


def clip_frames(path: Path, until_s: float = float("inf")) -> list[Frame]:
    """Its frames up to a time, as the engine's own source gives them.

    Raises:
        SourceError: It cannot be read.
    """
    source = make_source(str(path), {})
    source.open(SystemClock())
    try:
        return list(_frames(source, until_s))
    finally:
        source.close()


def noisy(frame: Frame, seed: int) -> Frame:
    """The same with a grey level more, one less, or none, drawn for each value of each pixel."""
    noise = np.random.default_rng((seed, frame.index)).integers(
        -1, 2, frame.image.shape, dtype=np.int16
    )
    image = np.clip(frame.image + noise, 0, 255).astype(np.uint8)
    return replace(frame, image=image)


def _frames(source: Source[Any], until_s: float) -> Iterator[Frame]:
    try:
        while True:
            frame = source.read(_READ_TIMEOUT_S)
            if frame is None:
                continue
            if frame.capture_ns >= until_s * NS_PER_S:
                return
            yield frame
    except EndOfStream:
        return
