"""People who tell stories to a Kinect: the UCI Gesture Phase set as pose samples."""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.accuracy.landmark_files import pose_sample
from engine.errors import UsageError
from engine.poses import F32, PoseSample
from engine.skeletons import HOLISTIC_75

_WIDTH, _HEIGHT = 10.0, 7.5  # of a 4:3 picture in the files' unit, which is a guess
_SIZE = (640, 480)
# Parts of the distance from the head's middle to the spine joint, about 0.57 m.
_HEAD_TO_SPINE_M = 0.57
_SHOULDER_WIDTH = 0.63
_SHOULDER_DROP = 0.39
# Face points in shoulder widths from the head's middle: x for the side with smaller x, y down.
_FACE = {
    "nose": (0.0, 0.05),
    "eye_inner": (0.05, -0.06),
    "eye": (0.10, -0.06),
    "eye_outer": (0.14, -0.06),
    "ear": (0.19, 0.0),
    "mouth": (0.08, 0.15),
}
# A hand this far in front of the head, or away from it across the picture, touches nothing there.
_CERTAINLY_FREE_M = 0.25


@dataclass(frozen=True)
class Story:
    """A person who tells a story to a Kinect, as a figure of a few joints.

    Attributes:
        name: Of the file.
        samples: Head and hands as recorded; face, shoulders and their distance from proportions.
        times_s: Of the samples.
        phases: Of each: `Rest`, or a phase of a gesture.
        free: Of each: whether both hands are certainly not at the head, by the Kinect's depth.
    """

    name: str
    samples: tuple[PoseSample, ...]
    times_s: tuple[float, ...]
    phases: tuple[str, ...]
    free: tuple[bool, ...]


def story(path: Path) -> Story:
    """One file of the UCI Gesture Phase set.

    It holds hands, wrists, head and spine only. Face and shoulders are drawn at usual proportions
    from head and spine, a hand is its one point; elbows, hips and fingers are missing, depth is
    unknown.

    Raises:
        UsageError: It cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        rows = list(csv.DictReader(lines))
        begin_ms = int(rows[0]["timestamp"])
        times_s = tuple((int(row["timestamp"]) - begin_ms) / 1000.0 for row in rows)
        places = [
            {n: tuple(float(row[n + a]) for a in "xyz") for n in ("lh", "rh", "h", "s", "lw", "rw")}
            for row in rows
        ]
    except (OSError, KeyError, ValueError, IndexError) as error:
        raise UsageError(f"{path}: is no gesture phase file that can be read: {error}") from error
    return Story(
        name=path.name,
        samples=tuple(
            pose_sample(seq, time_s, _figure(place), None, _SIZE)
            for seq, (time_s, place) in enumerate(zip(times_s, places, strict=True))
        ),
        times_s=times_s,
        phases=tuple(row["phase"] for row in rows),
        free=tuple(all(_free(place, hand) for hand in ("lh", "rh")) for place in places),
    )


def _figure(place: dict[str, tuple[float, ...]]) -> F32:
    joints = np.zeros((len(HOLISTIC_75), 3), np.float32)
    (head_x, head_y, _), (spine_x, spine_y, _) = place["h"], place["s"]
    long = math.hypot(spine_x - head_x, spine_y - head_y)
    unit = _SHOULDER_WIDTH * long
    neck = (
        head_x + _SHOULDER_DROP * (spine_x - head_x),
        head_y + _SHOULDER_DROP * (spine_y - head_y),
    )

    def put(joint: str, x: float, y: float) -> None:
        joints[HOLISTIC_75.index(joint)] = (x / _WIDTH, y / _HEIGHT, 1.0)

    put("nose", head_x, head_y + unit * _FACE["nose"][1])
    for side, sign in (("left", -1.0), ("right", 1.0)):
        for part in ("eye_inner", "eye", "eye_outer", "ear", "mouth"):
            name = f"mouth_{side}" if part == "mouth" else f"{side}_{part}"
            x, y = _FACE[part]
            put(name, head_x + sign * unit * x, head_y + unit * y)
        put(f"{side}_shoulder", neck[0] + sign * unit / 2, neck[1])
        put(f"{side}_wrist", *place[f"{side[0]}w"][:2])
        for finger in ("pinky", "index", "thumb"):
            put(f"{side}_{finger}", *place[f"{side[0]}h"][:2])
    return joints


def _free(place: dict[str, tuple[float, ...]], hand: str) -> bool:
    (x, y, z), (head_x, head_y, head_z), (spine_x, spine_y, _) = place[hand], place["h"], place["s"]
    metre = math.hypot(spine_x - head_x, spine_y - head_y) / _HEAD_TO_SPINE_M
    across_m = math.hypot(x - head_x, y - head_y) / metre
    return across_m > _CERTAINLY_FREE_M or head_z - z > _CERTAINLY_FREE_M
