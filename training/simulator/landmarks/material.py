"""The recordings that the noise is fitted to, their annotations, and their two halves."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.errors import UsageError
from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from training.simulator.landmarks.params import Half
from training.simulator.landmarks.recorded import RecordedPose
from training.simulator.landmarks.truth import Contact, ContactInterval

# Split by person and camera as far as known, so that no tracker behaviour of the test is trained
# on; clips that are not named here are in the other half.
TEST_CLIPS = frozenset(
    {
        *(f"intel_asl_{name}.mkv" for name in ("again", "brother", "yes", "please")),
        *(f"intel_asl_{name}.mkv" for name in ("book", "learn", "school", "walk")),
        *("intel_headpose_female_and_male.gif", "intel_classroom.gif"),
        *("pyfeat_face_noface.mov", "pyfeat_noface_face.mov"),
        *("segmentation_example.npz", "viewer_example.npz"),
    }
)

# Landmark recordings of others have no pictures; these say when a hand was at the head.
_OTHERS: Mapping[str, tuple[ContactInterval, ...]] = {
    "YOUNG1_.npz": (ContactInterval(0.56, 0.82, "yes"), ContactInterval(0.98, 1.34, "yes")),
    "DIFFERENT1_.npz": (),
    "segmentation_example.npz": (ContactInterval(1.33, 1.47, "near"),),
    "viewer_example.npz": (),
}
_SIGNS = "aslsignwish_holistic_11x20.npz"
_SIGNS_AT_HEAD = ("sad", "thank you", "hello", "father")
_SIGNS_FPS = 12.0
# Of the signs, every fifth recording: enough, and not more than all the rest together.
_SIGNS_EVERY = 5


@dataclass(frozen=True)
class Material:
    """One recording and when a hand was at the head in it.

    Attributes:
        pose: The recording.
        contacts: Its annotations.
        half: Which half it is in.
    """

    pose: RecordedPose
    contacts: tuple[ContactInterval, ...]
    half: Half


def half_of(name: str) -> Half:
    """The half a recording belongs to."""
    return "test" if name in TEST_CLIPS else "train"


def material(clips: Path, recordings: Sequence[RecordedPose]) -> list[Material]:
    """The clips with their annotations, and the landmark recordings of others.

    Args:
        clips: Holds `annotations.csv` and may hold `landmarks/`.
        recordings: The clips' poses.

    Raises:
        UsageError: The annotations cannot be read.
    """
    annotated = read_contacts(clips / "annotations.csv")
    out = [Material(r, annotated.get(r.name, ()), half_of(r.name)) for r in recordings]
    folder = clips / "landmarks"
    for name, contacts in _OTHERS.items():
        if (folder / name).is_file():
            out.append(Material(_other(folder / name), contacts, half_of(name)))
    return out + (_signs(folder / _SIGNS) if (folder / _SIGNS).is_file() else [])


def read_contacts(path: Path) -> dict[str, tuple[ContactInterval, ...]]:
    """Intervals with a hand at the head, by clip.

    Raises:
        UsageError: The file cannot be read or is not what it must be.
    """
    kinds: dict[str, Contact] = {"yes": "yes", "near": "near"}
    found: dict[str, list[ContactInterval]] = {}
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        for row in rows:
            if row["hand_contact"] in kinds:
                start_s, end_s = float(row["start_s"]), float(row["end_s"])
                interval = ContactInterval(start_s, end_s, kinds[row["hand_contact"]])
                found.setdefault(row["file"], []).append(interval)
    except (OSError, KeyError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read as annotations: {error}") from error
    return {name: tuple(intervals) for name, intervals in found.items()}


def _other(path: Path) -> RecordedPose:
    with np.load(path, allow_pickle=False) as found:
        parts = [found["pose"], found["left_hand"], found["right_hand"]]
        times_s, size = found["t"].astype(np.float64), found["size"]
    rows = np.concatenate(parts, axis=1).astype(np.float32)
    return _recording(path.name, rows, times_s, (int(size[0]), int(size[1])), has_depth=False)


def _signs(path: Path) -> list[Material]:
    with np.load(path, allow_pickle=False) as found:
        values, labels, classes = found["X"], found["y"], [str(c) for c in found["classes"]]
    out = []
    for index in range(0, len(values), _SIGNS_EVERY):
        # The first picture was taken seconds before the others.
        rows = _sign_rows(values[index, 1:])
        times_s = np.arange(len(rows)) / _SIGNS_FPS
        pose = _recording(f"{path.name}:{index}", rows, times_s, (640, 480), has_depth=True)
        at_head = classes[int(labels[index])] in _SIGNS_AT_HEAD
        contacts = (ContactInterval(0.0, times_s[-1], "maybe"),) if at_head else ()
        out.append(Material(pose, contacts, half_of(path.name)))
    return out


def _sign_rows(values: F32) -> F32:
    """`(F, 75, 4)` of `(F, 258)`: body with visibility, hands without."""
    frames = len(values)
    body = values[:, :132].reshape(frames, 33, 4)
    hands = values[:, 132:].reshape(frames, 42, 3)
    found = np.abs(hands).reshape(frames, 2, -1).sum(-1) > 0
    confidence = np.repeat(found, 21, axis=1)[..., None]
    rows = np.concatenate([body, np.concatenate([hands, confidence], -1)], axis=1)
    return np.asarray(rows, np.float32)


def _recording(
    name: str,
    rows: F32,
    times_s: npt.NDArray[np.float64],
    size: tuple[int, int],
    *,
    has_depth: bool,
) -> RecordedPose:
    valid = (rows[:, :33, 3] > 0).any(axis=1)
    return RecordedPose(
        name=name,
        times_s=times_s,
        joints=np.ascontiguousarray(rows[..., (0, 1, 3)]),
        depth=rows[..., 2] if has_depth else np.zeros((len(rows), len(HOLISTIC_75)), np.float32),
        valid=valid,
        width_px=size[0],
        height_px=size[1],
    )
