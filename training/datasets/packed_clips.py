"""Clips cut out of their videos and packed into one file: no time around them, only gestures."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from engine.poses import F32
from training.datasets.faults import DataSetError, Fault
from training.datasets.label_maps import MINUS_ONE, MODULO, LabelMap, likely_map
from training.datasets.points import PACKED_22, failed_frames, leaning, to_imigue
from training.datasets.poses import Poses
from training.datasets.published import HEIGHT_PX, RATE_HZ, WIDTH_PX

_SAMPLE = re.compile(r"(\d{1,4})_(\d+)")
_CLASSES = len(MINUS_ONE.raw)


@dataclass(frozen=True)
class PackedClip:
    """One clip.

    Attributes:
        sample_id: Its name, such as `0004_0`.
        video: Number of the video.
        number: Line in the label file of the video.
        label_id: Raw iMiGUE id, 1..31 or 99.
        parts: Splits that the file puts it into.
        width_px: Width of the picture, as the file states it.
        height_px: Height of the picture.
    """

    sample_id: str
    video: int
    number: int
    label_id: int
    parts: tuple[str, ...] = ()
    width_px: int = WIDTH_PX
    height_px: int = HEIGHT_PX


@dataclass(frozen=True)
class PackedSample:
    """What a file says of a clip, before its label is understood.

    Attributes:
        name: Of the clip.
        index: Class as the file counts it.
        parts: As in `PackedClip`.
        width_px: Width of the picture.
        height_px: Height of the picture.
    """

    name: str
    index: int
    parts: tuple[str, ...] = ()
    width_px: int = WIDTH_PX
    height_px: int = HEIGHT_PX


class PackedClips:
    """Clips of one file; their points are read when asked for.

    Args:
        path: The file, for messages.
        samples: What it says of each clip.
        points: Of a clip by its place: `(T, 22, 3)` float32, pixels and confidence.
        label_map: How its classes are counted; None takes what the frequencies say.
        notes: What else is known of the file.

    Raises:
        DataSetError: A name or a class makes no sense.
    """

    rate_hz = RATE_HZ

    def __init__(
        self,
        path: Path,
        samples: Sequence[PackedSample],
        points: Callable[[int], F32],
        label_map: LabelMap | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.path = path
        self._points = points
        faults = [fault for sample in samples for fault in _faults(path, sample)]
        if faults:
            raise DataSetError(faults)
        likely, sure = likely_map(sample.index for sample in samples)
        self.label_map = label_map or likely
        self.notes = (*notes, *(() if label_map else _map_notes(likely, sure=sure)))
        self.clips = tuple(_clip(sample, self.label_map) for sample in samples)

    def poses(self, place: int) -> Poses:
        """The points of a clip, without the padding behind it.

        A frame at its end in which OpenPose failed looks like padding, and goes with it.

        Args:
            place: Of the clip in `clips`.

        Raises:
            DataSetError: They are not finite.
        """
        points = unpadded(self._points(place))
        clip = self.clips[place]
        if not np.isfinite(points).all():
            text = f"{clip.sample_id}: expected finite points, got NaN or infinity"
            raise DataSetError([Fault(str(self.path), text)])
        return Poses(
            to_imigue(points, PACKED_22, first_is_right=self.first_hand_is_right),
            failed_frames(points),
            clip.width_px,
            clip.height_px,
        )

    @cached_property
    def first_hand_is_right(self) -> bool:
        """Whose the first five fingertips are, by the mean over all clips."""
        places = range(len(self.clips))
        return sum(leaning(self._points(place), PACKED_22)[0] for place in places) > 0


def unpadded(points: F32) -> F32:
    """A clip without the frames of zeros behind its last point; all of it if there is none.

    Args:
        points: `(T, V, 3)` float32.
    """
    filled = np.flatnonzero(~failed_frames(points))
    return points[: filled[-1] + 1] if len(filled) else points


def _faults(path: Path, sample: PackedSample) -> list[Fault]:
    faults = []
    if _SAMPLE.search(sample.name) is None:
        faults.append(f"expected a name such as 0004_0, got '{sample.name}'")
    if not 0 <= sample.index < _CLASSES:
        faults.append(f"{sample.name}: expected a class 0 to {_CLASSES - 1}, got {sample.index}")
    return [Fault(str(path), text) for text in faults]


def _clip(sample: PackedSample, label_map: LabelMap) -> PackedClip:
    found = _SAMPLE.search(sample.name)
    assert found is not None, sample  # `_faults` has looked
    video, number = map(int, found.groups())
    label_id = label_map.raw[sample.index]
    return PackedClip(
        f"{video:04d}_{number}", video, number, label_id,
        sample.parts, sample.width_px, sample.height_px,
    )  # fmt: skip


def _map_notes(likely: LabelMap, *, sure: bool) -> tuple[str, ...]:
    if not sure:
        return (f"too few clips tell how classes are counted: taken as {likely.name}",)
    if likely is MODULO:
        return (f"by their frequencies, classes are counted as {likely.name}",)
    return ()
