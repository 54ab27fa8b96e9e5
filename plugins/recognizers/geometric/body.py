"""Head, trunk and arms of one tick in their own local units.

Points are complex numbers: real part to the right of the image, imaginary part down. That makes
a distance `abs(a - b)` and a component along a unit vector `dot(a, unit)`.
"""

from typing import NamedTuple

from engine.skeletons import HOLISTIC_75

Point = complex

_FACE = (*("nose", "left_eye", "right_eye", "left_ear", "right_ear", "mouth_left", "mouth_right"),)
_FACE_JOINTS = tuple(HOLISTIC_75.index(name) for name in _FACE)
_ARM_JOINTS = {
    side: tuple(HOLISTIC_75.index(f"{side}_{name}") for name in ("shoulder", "elbow", "wrist"))
    for side in ("left", "right")
}
# Medians of MediaPipe's points on real people, in ear distances: see docs of the zones.
_EYES_TO_MOUTH = 0.55
_SHOULDERS_PER_FACE = 2.63
_EYES_TO_SHOULDERS = 1.78
# Below this a trunk turned to the side would shrink every zone with its projected shoulder width.
_LEAST_SHOULDERS_PER_FACE = 2.1
# MediaPipe's visibility of limbs out of the picture: median 0.04, 90 % below 0.20.
IN_VIEW = 0.5
# Hands in view read 0.99; ones that the pose makes up beside a real one 0.5 to 0.6.
CLEARLY_IN_VIEW = 0.75
# A hand tucked under an arm or held at the face reads 0.46 to 0.67 although its place is right.
HALF_HIDDEN = 0.3


class Face(NamedTuple):
    """The head's own frame.

    Attributes:
        width: Distance of the ears as if seen from the front, in the units of the input.
        down: Unit vector from the eyes to the mouth.
        right: Unit vector along the eyes, to the right of an upright image.
        nose, eyes, ears, mouth: Nose and the middles of the three pairs.
        pairs: Left and right eye, ear and mouth corner.
    """

    width: float
    down: Point
    right: Point
    nose: Point
    eyes: Point
    ears: Point
    mouth: Point
    pairs: tuple[Point, Point, Point, Point, Point, Point]


class Arm(NamedTuple):
    """One arm; a joint that is not seen is None.

    Attributes:
        shoulder, elbow: In view.
        wrist: At least half in view.
        wrist_in_view: Whether the wrist is fully in view.
    """

    shoulder: Point | None
    elbow: Point | None
    wrist: Point | None
    wrist_in_view: bool


class Trunk(NamedTuple):
    """The trunk's own frame.

    Attributes:
        width: Shoulder width, guarded against a trunk seen from the side.
        down: Unit vector away from the head, square to the shoulder line.
        right: Unit vector along the shoulders, to the right of an upright image.
        neck: Middle of the shoulders.
        seen: Whether both shoulders are in view; otherwise all is guessed from the face.
        to_local: Factor that turns and scales an offset from the neck into the trunk's frame.
    """

    width: float
    down: Point
    right: Point
    neck: Point
    seen: bool
    to_local: Point

    def place(self, point: Point) -> Point:
        """`point` in shoulder widths from the neck: real to the right, imaginary down."""
        return (point - self.neck) * self.to_local


class Body(NamedTuple):
    """Everything but the hands."""

    face: Face | None
    trunk: Trunk | None
    left: Arm
    right: Arm


def dot(a: Point, b: Point) -> float:
    """Scalar product."""
    return a.real * b.real + a.imag * b.imag


def body_of(points: list[Point], confidence: list[float]) -> Body:
    """Frames of one tick.

    Args:
        points: The 75 joints.
        confidence: Their confidences, 0 for a missing one.
    """
    face = _face(points, confidence)
    left, right = (_arm(points, confidence, side) for side in ("left", "right"))
    return Body(face, _trunk(left.shoulder, right.shoulder, face), left, right)


def _face(points: list[Point], confidence: list[float]) -> Face | None:
    if any(confidence[joint] < HALF_HIDDEN for joint in _FACE_JOINTS):
        return None
    nose, eye_l, eye_r, ear_l, ear_r, mouth_l, mouth_r = (points[j] for j in _FACE_JOINTS)
    eyes, mouth = (eye_l + eye_r) / 2, (mouth_l + mouth_r) / 2
    # The ear line loses length when the head turns, the eye-mouth line when it nods: the sum
    # gives each the weight of what is left of it, so the roll stays right in both.
    down = (mouth - eyes) + (ear_l - ear_r) * 1j * _EYES_TO_MOUTH
    width = max(abs(ear_l - ear_r), abs(mouth - eyes) / _EYES_TO_MOUTH)
    if not (abs(down) > 0 and width > 0):
        return None
    down /= abs(down)
    ears = (ear_l + ear_r) / 2
    pairs = (eye_l, eye_r, ear_l, ear_r, mouth_l, mouth_r)
    return Face(width, down, down / 1j, nose, eyes, ears, mouth, pairs)


def _arm(points: list[Point], confidence: list[float], side: str) -> Arm:
    shoulder, elbow, wrist = _ARM_JOINTS[side]
    return Arm(
        points[shoulder] if confidence[shoulder] >= IN_VIEW else None,
        points[elbow] if confidence[elbow] >= IN_VIEW else None,
        points[wrist] if confidence[wrist] >= HALF_HIDDEN else None,
        confidence[wrist] >= IN_VIEW,
    )


def _trunk(left: Point | None, right: Point | None, face: Face | None) -> Trunk | None:
    if left is not None and right is not None and left != right:
        line = left - right
        right_axis = line / abs(line)
        least = face.width * _LEAST_SHOULDERS_PER_FACE if face else 0.0
        width = max(abs(line), least)
        return _trunk_at((left + right) / 2, right_axis, width, seen=True)
    if face is None:
        return None
    neck = face.eyes + 1j * face.width * _EYES_TO_SHOULDERS
    return _trunk_at(neck, 1 + 0j, face.width * _SHOULDERS_PER_FACE, seen=False)


def _trunk_at(neck: Point, right: Point, width: float, *, seen: bool) -> Trunk:
    return Trunk(width, right * 1j, right, neck, seen, right.conjugate() / width)
