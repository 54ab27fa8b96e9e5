"""A video file: every frame, at its presentation time."""

import os
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import av.error

from engine.clock import NS_PER_MS, Clock
from engine.contracts import SourceInfo, SourceStatus
from engine.errors import EndOfStream, SourceError, Trouble
from engine.frames import Frame
from plugins.sources.container_end import is_container, missing_end
from plugins.sources.media_clock import MediaClock
from plugins.sources.options import Options, Rate
from plugins.sources.picture import upright_rgb
from plugins.sources.video_decoder import NotAVideo, NoVideoStream, VideoDecoder

_NO_FRAME = "holds no frame: record it again"


class FileSource:
    """Frames of a video file in any container that FFmpeg reads.

    `capture_ns` is the presentation time from the first frame. Time that repeats or goes backwards
    starts a new epoch. A file that is cut off gives all that can be decoded and only then fails.

    Args:
        target: Path.
        config: Options.
    """

    live = False
    yields: Literal["frames"] = "frames"

    class Config(Options, frozen=True, kw_only=True):
        """Options.

        Attributes:
            assume_fps: Make time by counting frames at this rate, whatever the file says; for
                files without timestamps. 0 uses the file's own time.
        """

        assume_fps: Rate = 0.0

    def __init__(self, target: str, config: Config) -> None:
        self._path = Path(target)
        self._assume_fps = Fraction(config.assume_fps).limit_denominator(1_000_000)
        self._media = MediaClock()
        self._index = -1
        self._decoder: VideoDecoder | None = None
        self._frames: Iterator[av.VideoFrame] = iter(())
        self._first: Frame | None = None
        self._cut = ""
        self._end: Exception | None = None

    def open(self, clock: Clock) -> SourceInfo:
        """See `Source.open`; decodes the first frame.

        Raises:
            SourceError: One of the troubles of a file; none is transient.
        """
        _check_readable(self._path)
        self._media = MediaClock()
        self._index, self._end = -1, None
        self._decoder = self._open_decoder()
        self._frames = self._decoder.frames()
        try:
            self._first = self._next()
        except EndOfStream as error:
            self.close()
            raise self._failure(_NO_FRAME, Trouble.EMPTY) from error
        except BaseException:
            self.close()
            raise
        width, height = self._first.size
        decoder = self._decoder
        return SourceInfo(str(self._path), width, height, decoder.fps, decoder.duration_s)

    def read(self, timeout_s: float) -> Frame | None:
        """See `Source.read`.

        Raises:
            EndOfStream: All frames were given.
            SourceError: `truncated` after the last frame that could be decoded; `no_timestamps`.
        """
        if self._first is not None:
            frame, self._first = self._first, None
            return frame
        if self._end is not None:
            raise self._end
        if self._decoder is None:
            raise self._failure("is not open: call open first", Trouble.NOT_FOUND)
        try:
            return self._next()
        except (EndOfStream, SourceError) as error:
            self._end = error
            raise

    def status(self) -> SourceStatus:
        """See `Source.status`. Any thread."""
        if isinstance(self._end, SourceError):
            return SourceStatus("trouble", self._end.trouble.value, str(self._end))
        if self._end is not None:
            return SourceStatus("ended", "", self._remarks())
        if self._decoder is None:
            return SourceStatus("waiting", "", "not open")
        return SourceStatus("ok", self._remark_code(), self._remarks())

    def drops(self) -> dict[str, int]:
        """See `Source.drops`: nothing is left out."""
        return {}

    def close(self) -> None:
        """See `Source.close`."""
        self._frames = iter(())
        self._first = None
        if self._decoder is not None:
            self._decoder.close()
            self._end = self._end or EndOfStream()

    def _open_decoder(self) -> VideoDecoder:
        try:
            self._cut = missing_end(self._path)
            return VideoDecoder(self._path)
        except (av.error.FFmpegError, NotAVideo, NoVideoStream, OSError, ValueError) as error:
            raise self._refusal(error) from error

    def _refusal(self, error: Exception) -> SourceError:
        """Why a file that can be read is no video; a cut explains all else."""
        if self._cut:
            return self._truncated(self._cut)
        ended = isinstance(error, av.error.EOFError) and is_container(self._path)
        if ended or str(error) == "":
            return self._failure(_NO_FRAME, Trouble.EMPTY)
        if isinstance(error, NoVideoStream):
            return self._failure(
                f"expected a video stream, found only: {error}", Trouble.NO_VIDEO_STREAM
            )
        return self._failure(
            "is not a video that FFmpeg knows: expected mp4, mkv, mov, avi, webm, gif, ...",
            Trouble.NOT_A_VIDEO,
        )

    def _next(self) -> Frame:
        start_ns = time.perf_counter_ns()
        decoded = next(self._frames, None)
        if decoded is None:
            raise self._ending()
        image = upright_rgb(decoded)
        decode_ms = (time.perf_counter_ns() - start_ns) / NS_PER_MS
        self._index += 1
        capture_ns = self._media.place(self._time_s(decoded))
        return Frame(image, capture_ns, self._media.epoch, self._index, decode_ms)

    def _time_s(self, frame: av.VideoFrame) -> Fraction:
        if self._assume_fps:
            return self._index / self._assume_fps
        stamp = frame.pts if frame.pts is not None else frame.dts
        if stamp is None or frame.time_base is None:
            raise self._failure(
                "has frames without timestamps: set the option assume_fps to its frame rate",
                Trouble.NO_TIMESTAMPS,
            )
        return stamp * frame.time_base

    def _ending(self) -> Exception:
        reason = self._cut or (self._decoder.damaged_end if self._decoder else "")
        return self._truncated(reason) if reason else EndOfStream()

    def _truncated(self, reason: str) -> SourceError:
        return self._failure(
            f"is cut off: {reason}; {self._index + 1} frames could be decoded and were given",
            Trouble.TRUNCATED,
        )

    def _failure(self, what: str, trouble: Trouble) -> SourceError:
        return SourceError(f"{self._path}: {what}", trouble)

    def _remark_code(self) -> str:
        if self._media.jumps:
            return Trouble.TIME_JUMP.value
        return Trouble.BAD_FRAME.value if self._decoder and self._decoder.damaged else ""

    def _remarks(self) -> str:
        damaged = self._decoder.damaged if self._decoder else 0
        jumps = self._media.jumps
        remarks = [
            f"{damaged} damaged packets" if damaged else "",
            f"time repeated or went backwards {jumps} times, a new epoch each" if jumps else "",
        ]
        return "; ".join(remark for remark in remarks if remark)


def _check_readable(path: Path) -> None:
    """Refuse what is no readable, non-empty file, each with its own sentence."""
    if not path.exists():
        raise SourceError(f"{path}: no such file: check the path", Trouble.NOT_FOUND)
    if path.is_dir():
        raise SourceError(
            f"{path}: expected a video file, got a directory: name a file in it",
            Trouble.NOT_A_VIDEO,
        )
    if not os.access(path, os.R_OK):
        raise SourceError(f"{path}: no permission to read it", Trouble.DENIED)
    if path.stat().st_size == 0:
        raise SourceError(f"{path}: is empty (0 bytes): record or copy it again", Trouble.EMPTY)
