"""Joint sets: their names, their order and what belongs together.

Left and right are the person's own sides as MediaPipe names them, assuming an unmirrored image.
A new joint set is one more `Skeleton` in `SKELETONS`; nothing else in the engine counts joints.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from engine.errors import ModelError

_BODY = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
_HAND = (
    "wrist",
    *(
        f"{finger}_{part}"
        for finger, parts in (
            ("thumb", ("cmc", "mcp", "ip", "tip")),
            ("index", ("mcp", "pip", "dip", "tip")),
            ("middle", ("mcp", "pip", "dip", "tip")),
            ("ring", ("mcp", "pip", "dip", "tip")),
            ("pinky", ("mcp", "pip", "dip", "tip")),
        )
        for part in parts
    ),
)


@dataclass(frozen=True)
class Skeleton:
    """A named, ordered joint set.

    Attributes:
        name: What messages and models call it.
        joints: Joint names in array order.
        parts: Part name to the half-open range of its joints.
        edges: Pairs of joint indices that a drawing connects.
    """

    name: str
    joints: tuple[str, ...]
    parts: dict[str, tuple[int, int]]
    edges: tuple[tuple[int, int], ...] = ()
    _index: dict[str, int] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._index.update({name: i for i, name in enumerate(self.joints)})

    def __len__(self) -> int:
        return len(self.joints)

    def index(self, joint: str) -> int:
        """Position of `joint` in arrays of this skeleton; KeyError if it has none."""
        return self._index[joint]

    def extends(self, other: "Skeleton") -> bool:
        """Whether its first joints are those of `other`."""
        return self.joints[: len(other)] == other.joints

    @property
    def mirror_pairs(self) -> tuple[tuple[int, int], ...]:
        """Indices of the joints that change places in a mirror, the smaller of a pair first."""
        others = ((i, self._index[_other_side(name)]) for i, name in enumerate(self.joints))
        return tuple((i, other) for i, other in others if i < other)


_SWAPPED = {"left": "right", "right": "left"}


def _other_side(joint: str) -> str:
    return "_".join(_SWAPPED.get(word, word) for word in joint.split("_"))


def _holistic_edges() -> tuple[tuple[int, int], ...]:
    body = [
        *((0, 2), (2, 7), (0, 5), (5, 8), (9, 10)),
        *((11, 12), (11, 13), (13, 15), (12, 14), (14, 16), (11, 23), (12, 24), (23, 24)),
    ]
    for start in (33, 54):
        for finger in range(5):
            chain = [start, *(start + 1 + 4 * finger + k for k in range(4))]
            body.extend(pairwise(chain))
    return tuple(body)


HOLISTIC_75 = Skeleton(
    name="holistic75",
    joints=(
        *_BODY,
        *(f"left_hand_{joint}" for joint in _HAND),
        *(f"right_hand_{joint}" for joint in _HAND),
    ),
    parts={"body": (0, 33), "left_hand": (33, 54), "right_hand": (54, 75)},
    edges=_holistic_edges(),
)

_FACE_SIDE = ("brow", "temple", "cheekbone", "cheek", "jaw_corner", "jaw", "mouth_corner")
_FACE = (
    *("face_forehead", "face_nose_bridge", "face_nose_tip"),
    *("face_upper_lip", "face_upper_lip_inner", "face_lower_lip_inner", "face_lower_lip"),
    "face_chin",
    *(f"face_left_{place}" for place in _FACE_SIDE),
    *(f"face_right_{place}" for place in _FACE_SIDE),
)


def _face_edges(first: int) -> tuple[tuple[int, int], ...]:
    """The outline of the face, the lips, and the nose."""
    at = {joint.removeprefix("face_"): first + i for i, joint in enumerate(_FACE)}
    chains: list[tuple[str, ...]] = [("nose_bridge", "nose_tip")]
    for side in ("left", "right"):
        outline = (f"{side}_{place}" for place in ("temple", "jaw_corner", "jaw"))
        chains.append(("forehead", *outline, "chin"))
        corner = f"{side}_mouth_corner"
        chains += [
            ("upper_lip", corner, "lower_lip"),
            ("upper_lip_inner", corner, "lower_lip_inner"),
        ]
    pairs = (pair for chain in chains for pair in pairwise(at[name] for name in chain))
    return tuple((min(pair), max(pair)) for pair in pairs)


HOLISTIC_97 = Skeleton(
    name="holistic97",
    joints=(*HOLISTIC_75.joints, *_FACE),
    parts={**HOLISTIC_75.parts, "face": (len(HOLISTIC_75), len(HOLISTIC_75) + len(_FACE))},
    edges=(*HOLISTIC_75.edges, *_face_edges(len(HOLISTIC_75))),
)
"""`HOLISTIC_75`, and named places on the face."""

_FINGERS = ("thumb", "index", "middle", "ring", "pinky")
# The 22 of the 137 OpenPose points that work on iMiGUE uses, in its order.
IMIGUE_22 = Skeleton(
    name="imigue22",
    joints=(
        "nose",
        "neck",
        *("right_shoulder", "right_elbow", "right_wrist"),
        *("left_shoulder", "left_elbow", "left_wrist"),
        *("right_eye", "left_eye", "right_ear", "left_ear"),
        *(f"left_{finger}_tip" for finger in _FINGERS),
        *(f"right_{finger}_tip" for finger in _FINGERS),
    ),
    parts={"body": (0, 12), "left_hand": (12, 17), "right_hand": (17, 22)},
    edges=(
        *((1, 0), (1, 2), (2, 3), (3, 4), (1, 5), (5, 6), (6, 7)),
        *((0, 8), (8, 10), (0, 9), (9, 11)),
        *((7, tip) for tip in range(12, 17)),
        *((4, tip) for tip in range(17, 22)),
    ),
)


def _holistic_sources(joint: str) -> tuple[int, ...]:
    if joint == "neck":
        return HOLISTIC_75.index("left_shoulder"), HOLISTIC_75.index("right_shoulder")
    side, _, rest = joint.partition("_")
    return (HOLISTIC_75.index(f"{side}_hand_{rest}" if joint.endswith("_tip") else joint),)


# For each joint of `IMIGUE_22`: the joints of `HOLISTIC_75` whose mean it is.
IMIGUE_FROM_HOLISTIC: tuple[tuple[int, ...], ...] = tuple(
    _holistic_sources(joint) for joint in IMIGUE_22.joints
)

SKELETONS: dict[str, Skeleton] = {
    joint_set.name: joint_set for joint_set in (HOLISTIC_75, HOLISTIC_97, IMIGUE_22)
}


def skeleton(name: str) -> Skeleton:
    """The joint set called `name`.

    Raises:
        ModelError: No such joint set.
    """
    if name not in SKELETONS:
        raise ModelError(f"unknown skeleton '{name}': expected one of {sorted(SKELETONS)}")
    return SKELETONS[name]


def covers(name: str, wanted: str) -> bool:
    """Whether samples of one joint set may stand in for those of another.

    Args:
        name: Of the one there is; it may be unknown here.
        wanted: Of the one that is asked for.
    """
    if name == wanted:
        return True
    given, other = SKELETONS.get(name), SKELETONS.get(wanted)
    return given is not None and other is not None and given.extends(other)
