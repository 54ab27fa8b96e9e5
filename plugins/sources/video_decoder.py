"""Decodes a video file and knows what of it was damaged."""

import contextlib
import logging
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
from av.stream import Disposition, Stream

from plugins.sources.formats import TEXT_FORMATS

_log = logging.getLogger(__name__)
# Other containers estimate their duration, some of them badly.
_DURATION_DECLARED = ("mov", "matroska", "avi")
_DURATION_SLACK = Fraction(1, 2)


class NotAVideo(Exception):  # noqa: N818 - named after what is the case
    """FFmpeg could show the file, but nobody would call it a video."""


class NoVideoStream(Exception):  # noqa: N818 - named after what is the case
    """The file has no video stream; the text says what it has, empty for nothing at all."""


class VideoDecoder:
    """All frames of one file that can be decoded.

    Decoding runs threaded. When a packet cannot be decoded, FFmpeg's frame threads lose good
    frames around it (measured: 3 of 27 at the end of a cut MP4), so decoding starts again without
    threads and goes on after the last frame that was given.

    Args:
        path: Of the file.

    Attributes:
        damaged: Packets and frames that were damaged so far.
        damaged_end: Why the end seems to be missing; empty if it does not.

    Raises:
        FFmpegError: It cannot be opened.
        NotAVideo: It is text.
        NoVideoStream: It has none.
    """

    def __init__(self, path: Path) -> None:
        self.damaged = 0
        self.damaged_end = ""
        self._path = path
        self._container, self._stream = _open(path)
        self._container_end = _declared_end(self._container)
        self._given = 0

    @property
    def fps(self) -> float:
        """Nominal rate, 0 if unknown."""
        rate = self._stream.average_rate
        return float(rate) if rate else 0.0

    @property
    def duration_s(self) -> float:
        """Declared length, 0 if unknown."""
        duration = self._container.duration
        return max(0.0, duration / av.time_base) if duration else 0.0

    def frames(self) -> Iterator[av.VideoFrame]:
        """Every frame in order of presentation; a damaged packet costs only its own."""
        self._stream.thread_type = "AUTO"
        try:
            yield from self._decode(careful=False)
        except av.error.FFmpegError as error:
            _log.info("%s: %s: decoding again without threads", self._path.name, error)
            self.damaged = 0
            self.close()
            self._container, self._stream = _open(self._path)
            self._stream.codec_context.thread_count = 1
            yield from self._decode(careful=True)

    def close(self) -> None:
        """Let go of the file. Idempotent."""
        with contextlib.suppress(av.error.FFmpegError):
            self._container.close()

    def _decode(self, *, careful: bool) -> Iterator[av.VideoFrame]:
        skip = self._given
        for packet in self._packets():
            for frame in self._frames_of(packet, careful=careful):
                if skip:
                    skip -= 1
                    continue
                self.damaged += frame.is_corrupt
                self._given += 1
                yield frame

    def _frames_of(self, packet: "av.Packet[Any]", *, careful: bool) -> list[av.VideoFrame]:
        try:
            return [frame for frame in packet.decode() if isinstance(frame, av.VideoFrame)]
        except av.error.FFmpegError:
            if not careful:
                raise
            self.damaged += 1
            self.damaged_end = "its last picture is incomplete"
            return []

    def _packets(self) -> Iterator["av.Packet[Any]"]:
        """Video packets; notes where the media ends."""
        streams = [self._stream, *self._container.streams.audio]
        reached: Fraction | None = None
        try:
            for packet in self._container.demux(streams):
                reached = _later(reached, packet)
                if packet.stream.index != self._stream.index:
                    continue
                if packet.size:
                    self.damaged_end = "its last packet is cut" if packet.is_corrupt else ""
                yield packet
        except av.error.FFmpegError as error:
            self.damaged_end = f"reading failed: {error.strerror}"
        self._check_end(reached)

    def _check_end(self, reached: Fraction | None) -> None:
        if self._container_end is None or reached is None or self.damaged_end:
            return
        missing = self._container_end - reached
        if missing > _DURATION_SLACK:
            self.damaged_end = f"the last {float(missing):.1f} s are missing"


def _open(path: Path) -> tuple[av.container.InputContainer, av.VideoStream]:
    container = av.open(str(path))
    if container.format.name in TEXT_FORMATS:
        container.close()
        raise NotAVideo(container.format.name)
    pictures = [stream for stream in container.streams.video if not _is_cover(stream)]
    if not pictures:
        kinds = sorted({_kind(stream) for stream in container.streams})
        container.close()
        raise NoVideoStream(", ".join(kinds))
    return container, pictures[0]


def _is_cover(stream: Stream) -> bool:
    """Whether it is the cover of a song, which is no video."""
    return bool(stream.disposition & Disposition.attached_pic)


def _kind(stream: Stream) -> str:
    return "cover picture" if _is_cover(stream) else stream.type


def _declared_end(container: av.container.InputContainer) -> Fraction | None:
    declared = any(name in container.format.name for name in _DURATION_DECLARED)
    others = any(stream.type not in ("video", "audio") for stream in container.streams)
    if not declared or others or not container.duration:
        return None
    return Fraction((container.start_time or 0) + container.duration, av.time_base)


def _later(reached: Fraction | None, packet: "av.Packet[Any]") -> Fraction | None:
    if packet.pts is None or packet.time_base is None:
        return reached
    end = (packet.pts + (packet.duration or 0)) * packet.time_base
    return end if reached is None else max(reached, end)
