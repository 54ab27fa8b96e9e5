"""Small video files of every kind that people feed to a program, written with PyAV."""

import shutil
import struct
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.stream import Disposition

TICKS_PER_S = 90_000
# What these containers count in.
_TICKS_BY_SUFFIX = {".avi": 25, ".gif": 100}


def picture(number: int, width: int = 64, height: int = 48) -> npt.NDArray[np.uint8]:
    """RGB: noise with a white bar that moves with `number`, red top left corner."""
    # Noise, so that files are as large as real ones and a cut falls between many frames.
    image = np.random.default_rng(number).integers(64, 128, (height, width, 3), dtype=np.uint8)
    image[:, (number * 4) % width : (number * 4) % width + 4] = 255
    image[: height // 4, : width // 4] = (255, 0, 0)
    return image


def write_video(
    path: Path,
    times_s: Iterable[Fraction],
    *,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    size: tuple[int, int] = (64, 48),
    container_options: dict[str, str] | None = None,
    codec_options: dict[str, str] | None = None,
) -> Path:
    """A video with one frame at each of `times_s`, which must grow."""
    ticks = _TICKS_BY_SUFFIX.get(path.suffix, TICKS_PER_S)
    with av.open(str(path), "w", options=container_options or {}) as container:
        stream: Any = container.add_stream(codec, rate=25, options=codec_options or {})
        stream.width, stream.height = size
        stream.pix_fmt = pixel_format
        stream.time_base = Fraction(1, ticks)
        stream.codec_context.time_base = Fraction(1, ticks)
        for number, time_s in enumerate(times_s):
            frame = av.VideoFrame.from_ndarray(picture(number, *size), format="rgb24")
            frame.pts = int(time_s * ticks)
            frame.time_base = Fraction(1, ticks)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def regular(count: int, fps: int = 25) -> list[Fraction]:
    """Times of `count` frames at `fps`."""
    return [Fraction(number, fps) for number in range(count)]


def constant_rate(path: Path, count: int = 30) -> Path:
    return write_video(path, regular(count), container_options=_options_of(path))


def rotated(path: Path, degrees_clockwise: int) -> Path:
    """An MP4 that asks to be shown turned, as phones write it: by the matrix of its `tkhd` box."""
    constant_rate(path, 5)
    data = bytearray(path.read_bytes())
    # Box header 8, version and flags 4, times to duration 20, reserved to volume 16.
    at = data.index(b"tkhd") - 4 + 8 + 4 + 20 + 16
    one = 1 << 16
    a, b, c, d = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[
        degrees_clockwise
    ]
    matrix = (a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30)
    data[at : at + 36] = struct.pack(">9i", *matrix)
    path.write_bytes(data)
    return path


def audio_only(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        silence = np.zeros((1, 800), np.int16)
        frame = av.AudioFrame.from_ndarray(silence, format="s16", layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
    return path


def song_with_cover(path: Path) -> Path:
    """Sound with one picture that players show beside it."""
    with av.open(str(path), "w", format="mp4") as container:
        sound: Any = container.add_stream("aac", rate=8000, layout="mono")
        cover: Any = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
        cover.disposition = Disposition.attached_pic.value
        container.start_encoding()
        silence = np.zeros((1, 1024), np.float32)
        heard = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
        heard.sample_rate, heard.pts = 8000, 0
        container.mux([*sound.encode(heard), *sound.encode(None)])
        seen = av.VideoFrame.from_ndarray(picture(0), format="rgb24")
        seen.pts = 0
        container.mux([*cover.encode(seen), *cover.encode(None)])
    return path


def without_frames(path: Path) -> Path:
    """A file with a video track, where the container allows it, and not one packet."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        container.start_encoding()
    return path


def without_timestamps(path: Path, count: int = 10) -> Path:
    """A bare H.264 stream: no container, so no times."""
    return write_video(path.with_suffix(".h264"), regular(count), codec="libx264")


def joined_backwards(path: Path, count: int = 10) -> Path:
    """An MPEG-TS file whose time starts again in the middle, as when two recordings are joined."""
    part = constant_rate(path.with_name("part.ts"), count)
    with path.open("wb") as out:
        for _ in range(2):
            with part.open("rb") as piece:
                shutil.copyfileobj(piece, out)
    return path


def cut_short(path: Path, share: float) -> Path:
    """Keep the first `share` of the bytes."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def damage_packet(path: Path, number: int) -> Path:
    """Overwrite the coded data of packet `number`, and nothing around it."""
    with av.open(str(path)) as container:
        packet = bytes([packet for packet in container.demux(video=0) if packet.size][number])
    data = path.read_bytes()
    assert data.count(packet) == 1
    path.write_bytes(data.replace(packet, packet[:2] + b"\xff" * (len(packet) - 2)))
    return path


def _options_of(path: Path) -> dict[str, str]:
    # The index in front, so that a cut file still has it.
    return {"movflags": "faststart"} if path.suffix in (".mp4", ".mov") else {}
