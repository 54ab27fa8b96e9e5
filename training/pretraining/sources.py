"""Streams without labels: recordings, and videos of data sets."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.errors import UsageError
from engine.poses import PoseSample
from engine.wire.recording import open_recording
from training.clips.live_ticks import poses_as_samples
from training.datasets import published
from training.datasets.dataset import DataSet, Video
from training.datasets.layouts import Layout, layouts
from training.datasets.opening import open_dataset
from training.synthetic.release import is_synthetic

RECORDING = ".mcap"


@dataclass(frozen=True)
class Source:
    """One stream.

    Attributes:
        name: For people.
        samples: Reads it anew.
        video: What a data set says of it; None of a recording.
        synthetic: Whether `synthesize` made that data set.
    """

    name: str
    samples: Callable[[], Iterator[PoseSample]]
    video: Video | None = None
    synthetic: bool = False


@dataclass(frozen=True)
class Sources:
    """What there is to learn from.

    Attributes:
        chosen: In the order in which they were named.
        left_out: Videos that a published protocol tests on.
    """

    chosen: tuple[Source, ...]
    left_out: int = 0


def find_sources(paths: Iterable[Path], *, everybody: bool = False) -> Sources:
    """The streams of recordings and data sets; labels are not read.

    Args:
        paths: Recordings, folders of recordings, and folders of data sets with long videos.
        everybody: Take the videos too that the paper's protocol, or the challenge's, tests on.

    Raises:
        UsageError: A path is none of these, or there is no stream.
        RecordingError: A recording cannot be read.
    """
    chosen: list[Source] = []
    left_out = 0
    for path in paths:
        if _is_recording(path):
            chosen += _recorded(path)
        elif path.is_dir() and layouts(path) == (Layout.RECORDINGS,):
            for recording in sorted(path.glob(f"*{RECORDING}")):
                chosen += _recorded(recording)
        else:
            data = open_dataset(path)
            usable = [video for video in data.videos if video.has_poses]
            kept = usable if everybody else [video for video in usable if not _tested_on(video)]
            left_out += len(usable) - len(kept)
            chosen += [_video(data, video, is_synthetic(path)) for video in kept]
    if not chosen:
        raise UsageError(
            f"no stream to learn from: {left_out} videos are there, and published protocols test "
            "on all of them; --everybody takes them"
            if left_out
            else "no stream to learn from: expected recordings, or videos with points"
        )
    return Sources(tuple(chosen), left_out)


def recorded_sources(path: Path) -> tuple[Source, ...]:
    """The streams of one recording.

    Raises:
        UsageError: It is no recording.
        RecordingError: It cannot be read.
    """
    if not _is_recording(path):
        raise UsageError(f"{path}: expected a recording, *{RECORDING}")
    return _recorded(path)


def _is_recording(path: Path) -> bool:
    return path.suffix == RECORDING and not path.is_dir()


def _recorded(path: Path) -> tuple[Source, ...]:
    recording = open_recording(path)
    streams = recording.survey.streams or (recording.header.stream,)
    return tuple(Source(_name(path, s), partial(recording.pose_inputs, s)) for s in streams)


def _name(path: Path, stream: str) -> str:
    return f"{path.name} ({stream})"


def _video(data: DataSet, video: Video, synthetic: bool) -> Source:
    def samples() -> Iterator[PoseSample]:
        return poses_as_samples(data.poses(video.number), data.rate_hz)

    return Source(f"{data.name}, video {video.number:04d}", samples, video, synthetic)


def _tested_on(video: Video) -> bool:
    if video.subject is not None:
        return video.subject in published.TEST_SUBJECTS or video.part == "test"
    return video.part == "test" or video.number in published.MIGA_TEST
