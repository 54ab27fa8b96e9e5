"""Joints of `holistic75` by how the pose network errs on them."""

import numpy as np

from engine.skeletons import HOLISTIC_75

BODY_COUNT = 33
FACE_COUNT = 11
HAND_COUNT = 21
HANDS = tuple(slice(*HOLISTIC_75.parts[f"{side}_hand"]) for side in ("left", "right"))
"""The 21 points of the left and of the right hand."""

GROUPS = ("face", "shoulder", "elbow", "wrist", "lower")
"""Groups of body joints; a wrist's group holds the pose's own index, pinky and thumb too."""

FACE, SHOULDER, ELBOW, WRIST, LOWER = range(len(GROUPS))

GROUP_OF = np.array(
    [FACE] * 11 + [SHOULDER] * 2 + [ELBOW] * 2 + [WRIST] * 8 + [LOWER] * 10, np.int64
)
"""Group of each of the 33 body joints."""

UPPER_COUNT = 25
"""Body joints down to the hips; those of the legs err as the hip of their side does."""

ERRS_AS = [*range(UPPER_COUNT), *([23, 24] * 4)]
"""Whose jitter each body joint has."""

PART_OF = np.array(
    [0] * 11 + [1, 2] + [3, 4] + [5, 6] * 4 + [7, 8] * 5,
    np.int64,
)
"""Which of `PART_COUNT` parts, that wander as one, each body joint belongs to."""

PART_COUNT = 9
PART_GROUP = np.array([FACE, *[SHOULDER] * 2, *[ELBOW] * 2, *[WRIST] * 2, *[LOWER] * 2], np.int64)
"""Group of each part."""

WRIST_PARTS = (5, 6)
"""Parts with the wrist, left and right."""

ARM_JOINTS = ((15, 17, 19, 21), (16, 18, 20, 22))
"""Wrist, pinky, index and thumb of the pose, left and right."""

ELBOWS = (13, 14)
SHOULDERS = (11, 12)
HIPS = (23, 24)
NOSE, EARS = 0, (7, 8)

FINGER_OF = np.array([0] + [finger for finger in range(5) for _ in range(4)], np.int64)
"""Finger of each hand point, thumb first; the wrist counts as the thumb, with no weight."""

FINGER_WEIGHT = np.array([0.0, *([0.3, 0.55, 0.8, 1.0] * 5)], np.float32)
"""How much of a finger's error each of its points has: the tip all of it, the wrist nothing."""

PALM = (0, 5, 9, 13, 17)
"""Hand points whose middle is the middle of the palm."""

CONTEXTS = ("out", "hidden", "together", "contact", "near", "raised", "low")
"""Where a hand is, in order of precedence."""

OUT, HIDDEN, TOGETHER, CONTACT, NEAR, RAISED, LOW = range(len(CONTEXTS))
