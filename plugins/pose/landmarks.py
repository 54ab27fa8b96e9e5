"""Landmarks of one picture as the networks give them, and as joints."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.frames import U8
from engine.poses import F32
from engine.skeletons import HOLISTIC_75, Skeleton


@dataclass(frozen=True)
class Landmarks:
    """What the networks found in one picture; None for what they did not find.

    Attributes:
        body: `(33, 4)` float32: x, y as parts of width and height; z in image widths from the
            middle of the hips; visibility 0..1.
        left_hand: `(21, 3)` float32: x, y as above; z in image widths from that hand's wrist.
        right_hand: The same.
        body_score: The network's score for the whole body, 0..1.
        left_score: Its score for the left hand.
        right_score: Its score for the right hand.
        face: `(22, 3)` float32, named points only: x, y as above; z in image widths from the
            middle of the face.
        face_score: The network's score for the face.
    """

    body: F32 | None
    left_hand: F32 | None = None
    right_hand: F32 | None = None
    body_score: float = 0.0
    left_score: float = 0.0
    right_score: float = 0.0
    face: F32 | None = None
    face_score: float = 0.0


NOBODY = Landmarks(body=None)
"""What is found of nobody."""


class LandmarkGraph(Protocol):
    """Networks that follow one person from picture to picture."""

    def process(self, image: U8, time_us: int, *, hands: bool = True) -> Landmarks:
        """Landmarks of one picture, `(H, W, 3)` uint8 RGB, captured at `time_us`.

        Without `hands` they are not looked for, which halves the time.

        Raises:
            ModelError: The networks failed.
        """
        ...

    def restart(self) -> None:
        """Forget the person.

        Raises:
            ModelError: The networks failed.
        """
        ...

    def close(self) -> None:
        """Free the networks. Idempotent; never raises."""
        ...


@dataclass(frozen=True)
class Joints:
    """A body with or without hands and face, ready for a `PoseSample`; everything finite.

    Attributes:
        joints: `(J, 3)` float32, see `PoseSample.joints`.
        depth: `(J,)` float32, see `PoseSample.depth`.
        parts: Parts with at least one joint.
    """

    joints: F32
    depth: F32
    parts: tuple[str, ...]


def to_joints(found: Landmarks, joint_set: Skeleton = HOLISTIC_75) -> Joints:
    """Lay landmarks out as joints of a joint set; what it has no place for is left out.

    A body joint's confidence is MediaPipe's visibility, also outside the picture, where it is
    low: the development clips have a median of 0.08 there and 0.98 inside. MediaPipe's `presence`
    is left out: it tells inside from outside no better and falls to 0.2 for a hand that touches
    the face. A hand joint's confidence is the score of its hand, which is above 0.5 when found,
    and a face joint's that of the face: neither tells which of its joints are covered.
    A joint with a number that is not finite is missing.
    """
    rows = np.zeros((len(joint_set), 4), np.float32)
    if found.body is not None:
        _fill(rows, joint_set.parts["body"], found.body)
    for name, points, score in (
        ("left_hand", found.left_hand, found.left_score),
        ("right_hand", found.right_hand, found.right_score),
        ("face", found.face, found.face_score),
    ):
        if points is not None and name in joint_set.parts:
            confidence = np.full((len(points), 1), score, np.float32)
            whole = np.concatenate((points, confidence), axis=1)
            _fill(rows, joint_set.parts[name], whole)
    return Joints(
        joints=np.ascontiguousarray(rows[:, (0, 1, 3)]),
        depth=rows[:, 2].copy(),
        parts=tuple(
            name for name, (start, end) in joint_set.parts.items() if rows[start:end, 3].any()
        ),
    )


def _fill(rows: F32, part: tuple[int, int], points: F32) -> None:
    """Copy x, y, z, confidence of one part, leaving out what is not finite."""
    start, end = part
    finite = np.isfinite(points).all(axis=1)
    rows[start:end][finite] = points[finite]
    rows[start:end, 3].clip(0.0, 1.0, out=rows[start:end, 3])
