"""Clips through the direct pose stage with the outline of the face, kept so that it runs once."""

from collections.abc import Callable
from pathlib import Path

from engine.config import PluginConfig
from training.simulator.landmarks.recorded import RecordedPose, record

# Every picture is looked at, body, hands and face: what is left out would read as stillness.
_POSE = PluginConfig(use="direct", options={"policy": "exact", "face": True, "workers": 1})


def face_recordings(
    folder: Path, cache: Path, tell: Callable[[str], None] = lambda _: None
) -> list[RecordedPose]:
    """Poses of every clip of a folder, of 97 joints, by name.

    Args:
        folder: Holds `video/`.
        cache: Gets one `.npz` a clip, and holds no other poses; what is there is read from it.
        tell: Hears what is being done.

    Raises:
        UsageError: There are no clips, or the cache cannot be written.
        FidgetError: A clip cannot be read, or the pose stage broke.
    """
    tell("poses of the clips")
    return record(folder, cache, _POSE)
