"""Faces and the errors of their outlines, fitted to the clips, and where the figures are kept."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from msgspec import Struct

from engine.errors import UsageError
from training.face_places.clips import face_recordings
from training.face_places.errors import stillness, under_hands, without_hands
from training.face_places.material import FaceClip, face_clip
from training.face_places.nods import Nod, nods
from training.face_places.noise import OutlineNoise
from training.face_places.shape import FaceShape, fit_shape
from training.simulator.draws import Part
from training.simulator.landmarks import groups
from training.simulator.landmarks.material import half_of, read_contacts
from training.simulator.landmarks.params import NoiseParams

FITTED = Path(__file__).with_name("fitted.json")
# Ears are this far apart in shoulder widths: `simulator.people`.
_EARS = 0.38


class Fitted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fit file.

    Attributes:
        source: Where the figures are from.
        clips: The clips that show a face large enough.
        found: Smallest part of a clip's frames in which the outline was found.
        shape: Faces.
        train: How outlines err on one half of the clips.
        test: And on the other.
        nods: How far the body's points follow the outline when a head nods.
    """

    source: str
    clips: tuple[str, ...]
    found: float
    shape: FaceShape
    train: OutlineNoise
    test: OutlineNoise
    nods: tuple[Nod, ...]

    def noise(self, part: Part) -> OutlineNoise:
        """That of one part."""
        return self.test if part == "test" else self.train


def fit(folder: Path, cache: Path, tell: Callable[[str], None] = lambda _: None) -> Fitted:
    """Measure a folder of clips.

    Args:
        folder: Holds `video/` and `annotations.csv`.
        cache: Gets the poses of the clips.
        tell: Hears what is being done.

    Raises:
        UsageError: The clips cannot be used.
        FidgetError: A clip cannot be read, or the pose stage broke.
    """
    contacts = read_contacts(folder / "annotations.csv")
    found = [face_clip(recording) for recording in face_recordings(folder, cache, tell)]
    clips = [clip for clip in found if clip is not None]
    tell("fitting")
    halves: dict[Part, list[FaceClip]] = {
        half: [clip for clip in clips if half_of(clip.name) == half] for half in ("train", "test")
    }
    noise = {}
    for half, own in halves.items():
        kept = NoiseParams.fitted(half).body.constant[groups.FACE] / _EARS
        hand = under_hands(own, contacts)
        if not hand:
            raise UsageError(f"{folder}: the {half} half has no interval with a hand at the head")
        noise[half] = OutlineNoise.measured(
            stillness(own), without_hands(own, contacts), hand, kept
        )
    return Fitted(
        source="the direct pose stage with face = true on clips of real people",
        clips=tuple(clip.name for clip in clips),
        found=round(float(np.min([clip.found_part for clip in clips])), 3),
        shape=fit_shape(clips),
        train=noise["train"],
        test=noise["test"],
        nods=nods(clips),
    )
