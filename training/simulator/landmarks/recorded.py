"""Real clips through the engine's own pose stage, kept in a folder so that it runs once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from engine.clock import NS_PER_S, SystemClock
from engine.commands.assembly import make_source, pose_estimator
from engine.config import Config, PluginConfig
from engine.contracts import PoseEstimator, Source
from engine.core.pose_stage import PoseStage
from engine.errors import EndOfStream, UsageError
from engine.poses import F32, PoseSample

VIDEO_SUFFIXES = (".mp4", ".mkv", ".mov", ".gif", ".webm", ".avi")
_READ_TIMEOUT_S = 1.0
_SILENT_READS = 15


@dataclass(frozen=True)
class RecordedPose:
    """What the pose stage saw in one clip.

    Attributes:
        name: File name of the clip.
        times_s: `(F,)` float64, presentation time from the first frame.
        joints: `(F, J, 3)` float32, as `PoseSample.joints`; all 0 where not valid.
        depth: `(F, J)` float32, as `PoseSample.depth`; 0 where unknown.
        valid: `(F,)` bool.
        width_px: Width of the picture.
        height_px: Its height.
    """

    name: str
    times_s: npt.NDArray[np.float64]
    joints: F32
    depth: F32
    valid: npt.NDArray[np.bool_]
    width_px: int
    height_px: int

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width_px / self.height_px

    @property
    def xy(self) -> F32:
        """`(F, J, 2)` float32: places in image heights."""
        return self.joints[..., :2] * np.array([self.aspect, 1.0], np.float32)


def record(folder: Path, cache: Path, pose: PluginConfig) -> list[RecordedPose]:
    """Poses of every clip in a folder, by name; clips already in the cache are read from it.

    Args:
        folder: Holds `video/`.
        cache: Gets one `.npz` a clip.
        pose: The pose stage of those that are not in the cache.

    Raises:
        UsageError: There are no clips, or the cache cannot be written.
        FidgetError: A clip cannot be read, or the pose stage broke.
    """
    paths = videos(folder)
    missing = [path for path in paths if load_recorded(_cached(cache, path)) is None]
    if missing:
        _record(missing, cache, pose)
    found = (load_recorded(_cached(cache, path)) for path in paths)
    return [recording for recording in found if recording is not None]


def videos(folder: Path) -> list[Path]:
    """The clips of a folder, by name.

    Raises:
        UsageError: There are none.
    """
    paths = sorted(p for p in (folder / "video").glob("*") if p.suffix in VIDEO_SUFFIXES)
    if not paths:
        raise UsageError(f"{folder / 'video'}: holds no clips ({', '.join(VIDEO_SUFFIXES)})")
    return paths


def load_recorded(path: Path) -> RecordedPose | None:
    """A clip out of the cache; None if it is not there or is damaged."""
    try:
        # Opened here, because numpy leaves a damaged file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            return RecordedPose(
                name=str(found["name"]),
                times_s=found["times"],
                joints=found["joints"],
                depth=found["depth"],
                valid=found["valid"],
                width_px=int(found["size"][0]),
                height_px=int(found["size"][1]),
            )
    except (OSError, EOFError, KeyError, ValueError, BadZipFile):
        return None


def save_recorded(path: Path, recording: RecordedPose) -> None:
    """Write a clip to the cache.

    Raises:
        UsageError: It cannot be written.
    """
    draft = path.with_suffix(".part.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            draft,
            name=np.array(recording.name),
            times=recording.times_s,
            joints=recording.joints,
            depth=recording.depth,
            valid=recording.valid,
            size=np.array([recording.width_px, recording.height_px]),
        )
        draft.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def from_samples(name: str, samples: list[PoseSample]) -> RecordedPose:
    """Lay the samples of one clip out as arrays.

    Raises:
        UsageError: There are none.
    """
    if not samples:
        raise UsageError(f"{name}: has no frames")
    unknown = np.zeros(len(samples[0].joints), np.float32)
    return RecordedPose(
        name=name,
        times_s=np.array([sample.capture_ns for sample in samples]) / NS_PER_S,
        joints=np.stack([sample.joints for sample in samples]),
        depth=np.stack([unknown if s.depth is None else s.depth for s in samples]),
        valid=np.array([sample.valid for sample in samples]),
        width_px=samples[0].width_px,
        height_px=samples[0].height_px,
    )


def _record(paths: list[Path], cache: Path, pose: PluginConfig) -> None:
    with pose_estimator(Config(pose=pose)) as estimator:
        for path in paths:
            estimator.reset()
            recording = from_samples(path.name, list(_samples(path, estimator)))
            save_recorded(_cached(cache, path), recording)


def _samples(path: Path, estimator: PoseEstimator) -> Iterator[PoseSample]:
    stage = PoseStage(estimator)
    source = make_source(str(path), {})
    try:
        source.open(SystemClock())
        silent = 0
        while silent < _SILENT_READS:
            frame = _next(source)
            silent = silent + 1 if frame is None else 0
            if frame is not None:
                yield stage.step(frame)
    except EndOfStream:
        return
    finally:
        source.close()


def _next(source: Source[Any]) -> Any:
    return source.read(_READ_TIMEOUT_S)


def _cached(cache: Path, path: Path) -> Path:
    return cache / f"{path.name}.npz"
