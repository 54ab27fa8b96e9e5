"""Clips through the direct pose stage with the outline of the face, kept so that it runs once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from engine.clock import NS_PER_S, SystemClock
from engine.commands.assembly import make_source, pose_estimator
from engine.config import Config, PluginConfig
from engine.contracts import PoseEstimator
from engine.core.pose_stage import PoseStage
from engine.errors import EndOfStream
from engine.poses import PoseSample
from engine.skeletons import HOLISTIC_97
from training.simulator.landmarks.recorded import (
    RecordedPose,
    load_recorded,
    save_recorded,
    videos,
)

# Every picture is looked at, body, hands and face: what is left out would read as stillness.
_CONFIG = Config(
    pose=PluginConfig(use="direct", options={"policy": "exact", "face": True, "workers": 1})
)
_READ_TIMEOUT_S = 1.0
_SILENT_READS = 15


def face_recordings(
    folder: Path, cache: Path, tell: Callable[[str], None] = lambda _: None
) -> list[RecordedPose]:
    """Poses of every clip of a folder, of 97 joints, by name.

    Args:
        folder: Holds `video/`.
        cache: Gets one `.npz` a clip; what is there already is read from it.
        tell: Hears what is being looked at.

    Raises:
        UsageError: There are no clips, or the cache cannot be written.
        FidgetError: A clip cannot be read, or the pose stage broke.
    """
    paths = videos(folder)
    if any(load_recorded(_cached(cache, path)) is None for path in paths):
        _record(paths, cache, tell)
    found = (load_recorded(_cached(cache, path)) for path in paths)
    return [recording for recording in found if recording is not None]


def _record(paths: list[Path], cache: Path, tell: Callable[[str], None]) -> None:
    with pose_estimator(_CONFIG) as estimator:
        for path in paths:
            if load_recorded(_cached(cache, path)) is None:
                tell(f"looking at {path.name}")
                estimator.reset()
                samples = list(_samples(path, estimator))
                save_recorded(_cached(cache, path), _laid_out(path.name, samples))


def _laid_out(name: str, samples: list[PoseSample]) -> RecordedPose:
    unknown = np.zeros(len(HOLISTIC_97), np.float32)
    return RecordedPose(
        name=name,
        times_s=np.array([sample.capture_ns for sample in samples]) / NS_PER_S,
        joints=np.stack([sample.joints for sample in samples]),
        depth=np.stack([unknown if s.depth is None else s.depth for s in samples]),
        valid=np.array([sample.valid for sample in samples]),
        width_px=samples[0].width_px,
        height_px=samples[0].height_px,
    )


def _samples(path: Path, estimator: PoseEstimator) -> Iterator[PoseSample]:
    stage = PoseStage(estimator)
    source = make_source(str(path), {})
    try:
        source.open(SystemClock())
        silent = 0
        while silent < _SILENT_READS:
            frame = source.read(_READ_TIMEOUT_S)
            silent = silent + 1 if frame is None else 0
            if frame is not None:
                yield stage.step(frame)
    except EndOfStream:
        return
    finally:
        source.close()


def _cached(cache: Path, path: Path) -> Path:
    return cache / f"{path.name}.face.npz"
