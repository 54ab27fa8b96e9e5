"""Frames of real clips."""

from collections.abc import Iterator
from pathlib import Path

import av

from engine.frames import Frame, as_rgb


def frames(path: Path, start_s: float = 0.0, end_s: float = float("inf")) -> Iterator[Frame]:
    """Frames of a stretch of a clip, by presentation time."""
    with av.open(str(path)) as container:
        for index, picture in enumerate(container.decode(video=0)):
            assert picture.time is not None
            if picture.time >= end_s:
                return
            if picture.time >= start_s:
                image = as_rgb(picture.to_ndarray(format="rgb24"))
                yield Frame(image, round(picture.time * 1e9), 0, index)
