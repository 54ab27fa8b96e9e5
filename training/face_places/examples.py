"""Ticks with a hand at the head: what the pose stage would see, and what class it is."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from engine.errors import UsageError
from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from training.face_places.fit import Fitted
from training.face_places.material import NAMES
from training.face_places.noise import with_errors
from training.face_places.touches import CLASSES, Touches, draw_touches
from training.labels import CLASS_NAMES
from training.simulator.draws import Part
from training.simulator.labelling import label
from training.simulator.landmarks.context import CONTACT_GAP
from training.simulator.landmarks.observe import observe
from training.simulator.landmarks.params import NoiseParams
from training.simulator.landmarks.processes import steps_s
from training.simulator.landmarks.view import CleanView
from training.simulator.make import clean_view
from training.simulator.ticks import RATE_HZ, Ticks, to_ticks

STRENGTHS = (0.5, 1.0, 2.0)
"""Factors of the outline's measured errors."""

Tracker = Literal["fitted", "perfect"]
"""What places body and hands: the simulator's, or one that errs in nothing. Outlines err as
measured whichever it is."""

TRACKERS: tuple[Tracker, ...] = ("fitted", "perfect")

SPLITS = ("train", "validation", "test")
_MARGIN_S = 3.0
# Neighbouring ticks are alike: of three, one is kept.
_EVERY = 3
_KINDS = {CLASS_NAMES.index(name): index for index, name in enumerate(CLASSES)}


@dataclass(frozen=True)
class Examples:
    """R ticks.

    Attributes:
        joints: `(R, 75, 4)` float32 as a `StepModel` gets them.
        outlines: `(R, len(STRENGTHS), 22, 2)` float32, in the same units.
        kind: `(R,)` index in `CLASSES`.
        person: `(R,)` who.
        event: `(R,)` which touch, counted over all.
    """

    joints: F32
    outlines: F32
    kind: npt.NDArray[np.int64]
    person: npt.NDArray[np.int64]
    event: npt.NDArray[np.int64]

    def save(self, path: Path) -> None:
        """Write to a file.

        Raises:
            UsageError: It cannot be written.
        """
        draft = path.with_suffix(".part.npz")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(draft, **{field.name: getattr(self, field.name) for field in fields(self)})
            draft.replace(path)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written: {error.strerror}") from error

    @staticmethod
    def load(path: Path) -> "Examples | None":
        """Out of a file; None if it is not there or is damaged."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
                return Examples(**{field.name: found[field.name] for field in fields(Examples)})
        except (OSError, EOFError, KeyError, ValueError, BadZipFile):
            return None


def together(parts: list[Examples]) -> Examples:
    """All of them, with people and touches numbered on."""
    people = np.cumsum([0, *(int(part.person.max(initial=-1)) + 1 for part in parts)])
    events = np.cumsum([0, *(int(part.event.max(initial=-1)) + 1 for part in parts)])
    return Examples(
        joints=np.concatenate([part.joints for part in parts]),
        outlines=np.concatenate([part.outlines for part in parts]),
        kind=np.concatenate([part.kind for part in parts]),
        person=np.concatenate([p.person + n for p, n in zip(parts, people, strict=False)]),
        event=np.concatenate([p.event + n for p, n in zip(parts, events, strict=False)]),
    )


def make_examples(
    fitted: Fitted,
    split: str,
    index: int,
    seed: int = 0,
    count: int = 64,
    tracker: Tracker = "fitted",
    seconds: float = 40.0,
) -> Examples:
    """Ticks of some people.

    The same arguments give the same ticks.

    Args:
        fitted: Faces and how their outlines err.
        split: One of `SPLITS`; people, cameras and errors of the test are of its own kind.
        index: Which batch of people.
        seed: Source of chance.
        count: How many people.
        tracker: What places body and hands.
        seconds: Length of each sequence.
    """
    part: Part = "test" if split == "test" else "train"
    rng = np.random.default_rng((seed, SPLITS.index(split), index))
    touches = draw_touches(rng, count, seconds, part, fitted.shape)
    view = clean_view(touches.scene)
    seen = observe(view, noise_of(tracker, part), rng)
    outlines = _outlines(touches, view, fitted, part, int(rng.integers(2**31)))
    joints = np.concatenate([seen.joints, outlines], axis=2)
    depth = np.zeros(joints.shape[:3], np.float32)
    depth[:, :, : len(HOLISTIC_75)] = seen.depth
    usable = seen.valid & ~touches.scene.dropped
    ticks = int((seconds - _MARGIN_S) * RATE_HZ)
    return _picked(
        touches,
        to_ticks(view.t_s, joints, depth, usable, touches.scene.cameras.aspect, ticks),
    )


def noise_of(tracker: Tracker, part: Part) -> NoiseParams:
    """Its errors on body and hands."""
    if tracker == "perfect":
        return NoiseParams.none()
    return NoiseParams.fitted(part)


def _outlines(touches: Touches, view: CleanView, fitted: Fitted, part: Part, seed: int) -> F32:
    """`(N, F, 22 * len(STRENGTHS), 3)` like joints: the same errors in every strength."""
    people = touches.scene.people
    ear = view.unit * (people.ear_m / people.shoulder_m)[:, None]
    at_head = (view.hand_gap <= CONTACT_GAP).any(axis=-1)
    out = []
    for strength in STRENGTHS:
        rng = np.random.default_rng(seed)
        places = with_errors(
            touches.outline, ear, at_head, steps_s(view.t_s), fitted.noise(part), strength, rng
        )
        places[..., 0] /= view.aspect[:, None, None]
        out.append(np.concatenate([places, np.ones_like(places[..., :1])], axis=-1))
    return np.concatenate(out, axis=2)


def _picked(touches: Touches, ticks: Ticks) -> Examples:
    labels = label(touches.scene, ticks).ticks
    kind = np.full(labels.shape, -1, np.int64)
    for index, own in _KINDS.items():
        kind[labels == index] = own
    # A touch begins where the class changes; other ticks have none.
    begins = np.diff(kind, axis=1, prepend=-2) != 0
    event = np.cumsum(begins.ravel()).reshape(kind.shape) - 1
    kept = kind >= 0
    kept[:, np.arange(kept.shape[1]) % _EVERY > 0] = False
    person, _ = np.nonzero(kept)
    body = len(HOLISTIC_75)
    joints = ticks.joints[kept]
    return Examples(
        joints=joints[:, :body],
        outlines=joints[:, body:, :2].reshape(-1, len(STRENGTHS), len(NAMES), 2),
        kind=kind[kept],
        person=person.astype(np.int64),
        event=event[kept],
    )
