"""From a decoded FFmpeg frame to the pixels that the engine wants."""

import av
import av.error
import numpy as np

from engine.errors import SourceError, Trouble
from engine.frames import U8, as_rgb


def upright_rgb(frame: av.VideoFrame) -> U8:
    """Pixels of `frame`, turned so that people are upright.

    Any pixel format that FFmpeg knows, grey and with alpha too. Of the display matrix only turns
    by multiples of 90° are applied. Pixels that are not square stay as they are.

    Returns:
        `(H, W, 3)` uint8 RGB.

    Raises:
        SourceError: `bad_frame`: FFmpeg cannot convert it.
    """
    try:
        image = frame.to_ndarray(format="rgb24")
    except (av.error.FFmpegError, ValueError, MemoryError) as error:
        raise SourceError(
            f"a frame of {frame.width}×{frame.height} pixels in format {frame.format.name} cannot "
            f"be converted: {error}",
            Trouble.BAD_FRAME,
        ) from error
    quarter_turns = round(frame.rotation / 90) % 4
    return as_rgb(np.rot90(image, quarter_turns) if quarter_turns else image)
