"""Which classes this recogniser scores, by what, how surely; and which it does not, and why.

A class that is not covered has no score at all: it is never guessed.
"""

from dataclasses import dataclass
from typing import Literal

from engine.labels import BY_SLUG, Label


@dataclass(frozen=True)
class Covered:
    """A class with a score.

    Attributes:
        slug: The class.
        evidence: What it is read from.
        sure: `good` where geometry decides, `fair` where it mostly does, `weak` where something
            common looks the same.
        confuses: What looks the same in a flat skeleton.
    """

    slug: str
    evidence: str
    sure: Literal["good", "fair", "weak"]
    confuses: str


@dataclass(frozen=True)
class NotCovered:
    """A class without a score, and why."""

    slug: str
    why: str


COVERED: tuple[Covered, ...] = (
    Covered(
        "turtle_neck",
        "ears sink towards the shoulders below their rest while the face keeps its size",
        "fair",
        "a bow of the head with the trunk; slumping",
    ),
    Covered(
        "scratch_head",
        "hand points on the scalp, above hair line and ears",
        "fair",
        "short hair being adjusted; a hand behind the head",
    ),
    Covered(
        "touch_forehead", "hand points between brows and hair line", "fair", "shading the eyes"
    ),
    Covered(
        "cover_face",
        "hand points over most of eyes, nose, mouth and cheeks",
        "good",
        "a hand held close before the face",
    ),
    Covered("rub_eyes", "fingertips at an eye", "fair", "adjusting glasses"),
    Covered("touch_face", "fingertips at nose, mouth or cheek", "fair", "biting nails; eating"),
    Covered("touch_ears", "fingertips at an ear", "fair", "hair beside the ear; earphones"),
    Covered(
        "touch_jaw", "hand points from chin to jaw angle", "fair", "mouth and throat, 4 cm away"
    ),
    Covered("touch_neck", "hand points between jaw and collar", "fair", "pulling the collar"),
    Covered(
        "play_hair",
        "fingers beside the head at the height of the ears, pointing at it",
        "weak",
        "a hand held beside the head; hair that is long or on top is missed",
    ),
    Covered(
        "adjust_collar",
        "fingertips at collar or breastbone, resting",
        "weak",
        "a hand held still before the chest",
    ),
    Covered("cover_notch", "fingertips at the pit of the neck", "fair", "necklace, tie knot"),
    Covered("fold_arms", "both wrists past one another, at the other elbow, still", "good", "-"),
    Covered(
        "dust_clothes",
        "a palm strokes back and forth over the trunk",
        "weak",
        "beats of speech in front of the trunk",
    ),
    Covered(
        "move_torso",
        "neck and head shift together, the trunk leans or bends, within 0.6 s",
        "good",
        "standing up",
    ),
    Covered(
        "sit_straight",
        "shoulders and head rise together, straight up, and stay for a second",
        "weak",
        "a raised chair; the camera being tilted",
    ),
    Covered(
        "touch_arms", "palm or fingertips over the other arm", "fair", "an arm behind the hand"
    ),
    Covered("rub_hands", "hands at one another, not interlocked or steepled", "good", "clapping"),
    Covered(
        "cross_fingers",
        "each hand's fingertips at the other's knuckles",
        "weak",
        "holding hands: hand points are worst when hands overlap",
    ),
    Covered("minaret", "like fingertips meet, palms apart", "fair", "hands about to fold"),
    Covered(
        "head_up", "nose rises above its rest against the ears", "fair", "looking up from a desk"
    ),
    Covered("akimbo", "elbow out, wrist back at the side of the waist", "fair", "an arm on a rest"),
    Covered(
        "shake_shoulders",
        "a shoulder swings up and down, three turns in 1.2 s, hands not moving",
        "fair",
        "laughing; small beats of hands out of the picture",
    ),
    Covered(
        "illustrative",
        "a hand in view moves for longer than a reach takes, touching nothing",
        "fair",
        "handling objects; sign language",
    ),
)

NOT_COVERED: tuple[NotCovered, ...] = (
    NotCovered("bulging_face", "cheeks and breath do not show in these joints"),
    NotCovered("touch_hat", "a hat does not show in joints; the touch reads as head or forehead"),
    NotCovered("bite_nails", "a fingertip at the mouth is the same whether bitten or not"),
    NotCovered("scratch_back", "the hand is hidden behind the body"),
    NotCovered("arms_behind_body", "wrists behind the body and out of view look alike"),
    NotCovered("play_objects", "objects do not show in joints"),
    NotCovered(
        "hold_back_arms", "arms drawn back leave the view of a webcam, like arms put on the lap"
    ),
    NotCovered("press_lips", "two mouth points do not show the lips"),
)

COVERED_SLUGS: tuple[str, ...] = tuple(row.slug for row in COVERED)
COVERED_LABELS: tuple[Label, ...] = tuple(BY_SLUG[slug] for slug in COVERED_SLUGS)
