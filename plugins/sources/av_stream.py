"""A connection to a network stream through FFmpeg: RTSP, RTMP, MPEG-TS, HLS and so on."""

import time
from collections import deque
from typing import Any

import av
import av.error

from engine.clock import NS_PER_MS, Clock
from engine.contracts import SourceInfo
from engine.errors import SourceError, Trouble
from engine.frames import U8
from plugins.sources.address import Address
from plugins.sources.formats import TEXT_FORMATS
from plugins.sources.link import Shot
from plugins.sources.picture import upright_rgb

_MAX_UNDECODABLE = 300
_NOT_A_VIDEO = "what came is not a video that FFmpeg knows: check the path"
_OPTIONS = {
    "fflags": "nobuffer",
    "flags": "low_delay",
    # What is read while probing is given at once afterwards, so this costs start-up time only.
    "probesize": "1000000",
    "analyzeduration": "1000000",
}
_RTSP_OPTIONS = {
    # UDP loses packets of large pictures on most networks, and shows it as smeared people.
    "rtsp_transport": "tcp",
}


class AvLink:
    """An open network stream.

    A frame carries the time at which the packet arrived that let the decoder give it. That is its
    own packet unless the encoder reorders pictures (B-frames), which cameras rarely do; its own
    would then make time run backwards.

    Repeated pictures are not judged: an encoder of a still room may repeat them for seconds.

    Args:
        address: What to open.
        timeout_s: Bound on opening and on each read.
        clock: Stamps each packet on arrival.

    Raises:
        SourceError: It cannot be opened, or is not a live video.
    """

    def __init__(self, address: Address, timeout_s: float, clock: Clock) -> None:
        self._address = address
        self._clock = clock
        self._ready: deque[Shot] = deque()
        self._undecodable = 0
        self._last_pts: int | None = None
        options = _OPTIONS | (_RTSP_OPTIONS if address.scheme in ("rtsp", "rtsps") else {})
        try:
            self._container = av.open(address.url, timeout=(timeout_s, timeout_s), options=options)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise av_error(address, error) from error
        try:
            self._stream = self._video_stream()
        except BaseException:
            self._container.close()
            raise
        self._packets = iter(self._container.demux(self._stream))
        self.info = self._describe()

    def grab(self) -> Shot | None:
        """See `Link.grab`; None while the decoder waits for a key frame."""
        if not self._ready:
            packet = self._receive()
            self._take(packet, self._clock.now_ns())
        return self._ready.popleft() if self._ready else None

    def close(self) -> None:
        """See `Link.close`."""
        self._container.close()

    def _video_stream(self) -> av.VideoStream:
        where = self._address.redacted
        if self._container.format.name in TEXT_FORMATS:
            raise SourceError(f"{where}: {_NOT_A_VIDEO}", Trouble.NOT_A_VIDEO, transient=True)
        if not self._container.streams.video:
            raise SourceError(f"{where}: has no video", Trouble.NO_VIDEO_STREAM, transient=True)
        duration_us = self._container.duration
        if duration_us and duration_us > 0 and self._address.scheme in ("http", "https"):
            raise SourceError(
                f"{where}: expected a live stream, got a file of {duration_us / 1e6:.1f} s: "
                "download it and give its path",
                Trouble.NOT_A_VIDEO,
            )
        stream = self._container.streams.video[0]
        # Threads by frame would hold back one frame each.
        stream.thread_type = "SLICE"
        stream.codec_context.thread_count = 1
        return stream

    def _receive(self) -> "av.Packet[Any]":
        try:
            return next(self._packets)
        except StopIteration:
            raise SourceError(
                f"{self._address.redacted}: the stream ended",
                Trouble.CONNECTION_FAILED,
                transient=True,
            ) from None
        except (av.error.FFmpegError, OSError) as error:
            raise av_error(self._address, error) from error

    def _describe(self) -> SourceInfo:
        rate = self._stream.average_rate
        return SourceInfo(
            self._address.redacted,
            self._stream.codec_context.width,
            self._stream.codec_context.height,
            float(rate) if rate else 0.0,
        )

    def _take(self, packet: "av.Packet[Any]", arrived_ns: int) -> None:
        start_ns = time.perf_counter_ns()
        try:
            frames = packet.decode()
        except av.error.InvalidDataError as error:
            self._count_undecodable(error)
            return
        self._undecodable = 0
        spent_ms = (time.perf_counter_ns() - start_ns) / NS_PER_MS
        for frame in frames:
            if isinstance(frame, av.VideoFrame):
                self._ready.append(self._shot(frame, arrived_ns, spent_ms))

    def _count_undecodable(self, error: Exception) -> None:
        """Usual until the first key frame and after lost packets, but not for ever."""
        self._undecodable += 1
        if self._undecodable >= _MAX_UNDECODABLE:
            raise SourceError(
                f"{self._address.redacted}: {_MAX_UNDECODABLE} packets in a row could not be "
                f"decoded: {_NOT_A_VIDEO}",
                Trouble.NOT_A_VIDEO,
                transient=True,
            ) from error

    def _shot(self, frame: av.VideoFrame, arrived_ns: int, spent_ms: float) -> Shot:
        last, self._last_pts = self._last_pts, frame.pts
        jumped = last is not None and frame.pts is not None and frame.pts < last

        def decode() -> U8:
            return upright_rgb(frame)

        return Shot(arrived_ns, decode, None, spent_ms, jumped)


def av_error(address: Address, error: Exception) -> SourceError:
    """What a failed open or read means for the user; FFmpeg's own text may hold the password."""
    where = address.redacted
    for kinds, trouble, text in _MEANINGS:
        if isinstance(error, kinds):
            return SourceError(f"{where}: {text}", trouble, transient=True)
    what = getattr(error, "strerror", None) or type(error).__name__
    return SourceError(
        f"{where}: cannot connect: {what}: check address, port and network",
        Trouble.CONNECTION_FAILED,
        transient=True,
    )


_MEANINGS: tuple[tuple[tuple[type[Exception], ...], Trouble, str], ...] = (
    (
        (av.error.ExitError, TimeoutError),
        Trouble.TIMEOUT,
        "no answer in time: check that the camera is on and reachable",
    ),
    (
        (av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError),
        Trouble.DENIED,
        "access denied: give SCHEME://USER:PASSWORD@HOST/...",
    ),
    (
        (av.error.HTTPNotFoundError,),
        Trouble.NOT_FOUND,
        "there is no such stream: check the path",
    ),
    (
        (av.error.InvalidDataError, av.error.DemuxerNotFoundError),
        Trouble.NOT_A_VIDEO,
        _NOT_A_VIDEO,
    ),
    (
        (av.error.ProtocolNotFoundError,),
        Trouble.CONNECTION_FAILED,
        "FFmpeg does not know this kind of address: expected http, https, rtsp, rtmp, tcp or udp",
    ),
)
