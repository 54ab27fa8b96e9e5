"""What the engine knows of one person's ordinary sitting: the file `calibrate person` writes.

Proportions of a pose and counts of gestures only: no pixels, no face points, no name. The schema
lives here because writer and reader share it; `calibration` writes, the engine only reads.
"""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from engine.calibration_file import FileKind, Sealed
from engine.labels import BY_SLUG

# Generous bounds: they keep nonsense out of the geometry, not unusual people.
Ratio = Annotated[float, Meta(gt=0, le=20)]
Offset = Annotated[float, Meta(ge=-20, le=20)]
Rate = Annotated[float, Meta(ge=0, le=1000)]
Seconds = Annotated[float, Meta(gt=0, le=1e6)]


class Resting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The resting pose as proportions; medians over the still part of the session.

    Attributes:
        shoulder_per_ear_width: Shoulder width over the distance between the ears.
        head_height: Height of the ears' middle above the shoulders' middle, in shoulder widths.
        head_pitch: Nose below the ears' middle, over the distance between the ears.
        shoulder_width_ratio: Shoulder width over the image width.
    """

    shoulder_per_ear_width: Ratio
    head_height: Offset
    head_pitch: Offset
    shoulder_width_ratio: Ratio


class PersonCalibration(Sealed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person's calibration.

    Attributes:
        created_wall_ns: Unix time of writing.
        skeleton: Joint set it was measured with.
        recognizer: Recogniser that counted the gestures, `name@model_hash`.
        observed_s: Seconds with a valid pose.
        resting: The resting pose.
        rates_per_min: Slug to this person's events a minute, each counted by its score, shrunk
            towards the prior; only of classes the recogniser covers.
    """

    created_wall_ns: int
    skeleton: str
    recognizer: str
    observed_s: Seconds
    resting: Resting
    rates_per_min: dict[str, Rate]


PERSON_FILE = FileKind(
    "fidget.person", 1, PersonCalibration, "person calibration", "run_stream.py calibrate person"
)


def load_person(
    path: Path, *, now_wall_ns: int, max_age_days: float, skeleton: str
) -> PersonCalibration:
    """Read and check a calibration file.

    Args:
        path: The file.
        now_wall_ns: Unix time now.
        max_age_days: Older files are refused.
        skeleton: Joint set in use.

    Raises:
        CalibrationError: The file is missing, truncated, foreign, stale, altered, or made for
            another joint set. The message says which and what to do.
    """
    calibration = PERSON_FILE.read(path)
    age_days = (now_wall_ns - calibration.created_wall_ns) / 86_400e9
    unknown = sorted(set(calibration.rates_per_min) - set(BY_SLUG))
    problems = (
        (
            calibration.skeleton != skeleton,
            f"made for skeleton '{calibration.skeleton}', in use is '{skeleton}'",
        ),
        (age_days > max_age_days, f"{age_days:.0f} days old, allowed are {max_age_days:g}"),
        (age_days < -1, "dated in the future"),
        (bool(unknown), f"unknown classes {unknown}"),
    )
    for wrong, why in problems:
        if wrong:
            raise PERSON_FILE.refusal(path, why)
    return calibration


def check_recognizer(path: Path, calibration: PersonCalibration, recognizer: str) -> None:
    """Refuse rates that another recogniser counted: each sees and misses its own things.

    Args:
        path: Where the calibration came from, for the message.
        calibration: What was loaded.
        recognizer: Recogniser in use, `name@model_hash`.

    Raises:
        CalibrationError: They differ.
    """
    if calibration.recognizer != recognizer:
        raise PERSON_FILE.refusal(
            path, f"made with recogniser '{calibration.recognizer}', in use is '{recognizer}'"
        )
