"""Clips of a video as a stretch of time: in order, each once, within the video."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from training.datasets.labelled_clip import LabelledClip


@dataclass(frozen=True)
class Tidied:
    """Clips that can be laid over the frames of a video.

    Attributes:
        clips: In order of time. Clips of two classes may overlap: people do two things at once.
        notes: What was changed, and what is odd, in words.
    """

    clips: tuple[LabelledClip, ...]
    notes: tuple[str, ...]


def tidied(clips: Iterable[LabelledClip], frames: int | None) -> Tidied:
    """Sort clips, drop repeated ones, and clamp them to the video.

    Args:
        clips: Of one video, as in its label file.
        frames: Length of the video; None if it is not known.
    """
    given = list(clips)
    once = {(c.start_frame, c.end_frame, c.label_id): c for c in reversed(given)}
    found = sorted(once.values(), key=lambda c: (c.start_frame, c.end_frame, c.number))
    notes = [*_order_notes(given), *_repeat_notes(len(given) - len(found))]
    if frames is not None:
        found, clamped = _clamped(found, frames)
        notes += clamped
    return Tidied(tuple(found), (*notes, *_overlap_notes(found)))


def _clamped(clips: list[LabelledClip], frames: int) -> tuple[list[LabelledClip], list[str]]:
    kept, notes = [], []
    for clip in clips:
        if clip.end_frame < frames:
            kept.append(clip)
            continue
        place = f"clip {clip.sample_id}, frames {clip.start_frame} to {clip.end_frame}"
        beyond = f"{place}, is beyond the {frames} frames of the video"
        if clip.start_frame < frames:
            kept.append(replace(clip, end_frame=frames - 1))
            notes.append(f"{beyond}: cut off at {frames - 1}")
        else:
            notes.append(f"{beyond}: left out")
    return kept, notes


def _order_notes(clips: list[LabelledClip]) -> list[str]:
    late = sum(two.start_frame < one.start_frame for one, two in pairwise(clips))
    return [f"clips that start before the one above them: {late}, sorted"] if late else []


def _repeat_notes(count: int) -> list[str]:
    return [f"clips that repeat another exactly: {count}, taken once"] if count else []


def _overlap_notes(clips: list[LabelledClip]) -> list[str]:
    count, end = 0, -1
    for clip in clips:
        count += clip.start_frame <= end
        end = max(end, clip.end_frame)
    return [f"clips that overlap an earlier one: {count}, kept"] if count else []
