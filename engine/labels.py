"""The iMiGUE label set, 31 micro-gestures and illustrative body language; and labels beyond it.

Source: Liu et al., iMiGUE, CVPR 2021, Fig. 2; shares of samples from the same figure.

A recogniser may know gestures that are none of iMiGUE's, such as one that a user has taught it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from engine.errors import ModelError


class Group(str, Enum):
    """The five groups of the paper, and the rest class that belongs to none."""

    BODY = "Body"
    HEAD = "Head"
    HAND = "Hand"
    BODY_HAND = "Body-Hand"
    HEAD_HAND = "Head-Hand"
    NONE = "None"


ILLUSTRATIVE_ID = 99

FIRST_OWN_ID = 1000
"""Labels that are none of iMiGUE's have this id or a larger one."""

_SLUG = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True)
class Label:
    """One class.

    Attributes:
        id: Raw iMiGUE id, 1..31, or 99 for illustrative; `FIRST_OWN_ID` or more for others.
        slug: Stable short name, used in configuration and tables.
        name: Name in the paper.
        group: Group in the paper; `NONE` of others.
        share: Part of all labelled clips, 0..1; 0 of others.
        train_count: Labelled clips in the official training split; 0 of others.
    """

    id: int
    slug: str
    name: str
    group: Group
    share: float
    train_count: int


_ROWS: tuple[tuple[int, str, str, Group, float, int], ...] = (
    (1, "turtle_neck", "Turtle neck", Group.HEAD, 0.08, 10),
    (2, "bulging_face", "Bulging face, deep breath", Group.HEAD, 2.78, 418),
    (3, "touch_hat", "Touching hat", Group.HEAD_HAND, 0.24, 39),
    (4, "scratch_head", "Touching or scratching head", Group.HEAD_HAND, 1.47, 207),
    (5, "touch_forehead", "Touching or scratching forehead", Group.HEAD_HAND, 0.49, 80),
    (6, "cover_face", "Covering face", Group.HEAD_HAND, 0.17, 23),
    (7, "rub_eyes", "Rubbing eyes", Group.HEAD_HAND, 0.49, 64),
    (8, "touch_face", "Touching or scratching facial parts", Group.HEAD_HAND, 6.13, 858),
    (9, "touch_ears", "Touching ears", Group.HEAD_HAND, 0.71, 87),
    (10, "bite_nails", "Biting nails", Group.HEAD_HAND, 0.03, 3),
    (11, "touch_jaw", "Touching jaw", Group.HEAD_HAND, 2.45, 302),
    (12, "touch_neck", "Touching or scratching neck", Group.BODY_HAND, 1.07, 154),
    (13, "play_hair", "Playing or adjusting hair", Group.BODY_HAND, 0.76, 97),
    (
        14,
        "adjust_collar",
        "Buckle button, pulling shirt collar, adjusting tie",
        Group.BODY_HAND,
        0.38,
        41,
    ),
    (15, "cover_notch", "Touching or covering suprasternal notch", Group.BODY_HAND, 0.24, 28),
    (16, "scratch_back", "Scratching back", Group.BODY_HAND, 0.16, 27),
    (17, "fold_arms", "Folding arms", Group.BODY_HAND, 2.19, 322),
    (18, "dust_clothes", "Dustoffing clothes", Group.BODY_HAND, 0.71, 83),
    (19, "arms_behind_body", "Putting arms behind body", Group.BODY_HAND, 0.01, 2),
    (20, "move_torso", "Moving torso", Group.BODY, 6.58, 942),
    (21, "sit_straight", "Sitting straightly", Group.BODY, 1.23, 170),
    (22, "touch_arms", "Scratching or touching arms", Group.HAND, 2.85, 373),
    (23, "rub_hands", "Rubbing or holding hands", Group.HAND, 5.60, 657),
    (24, "cross_fingers", "Crossing fingers", Group.HAND, 4.80, 700),
    (25, "minaret", "Minaret gesture", Group.HAND, 0.11, 11),
    (26, "play_objects", "Playing or manipulating objects", Group.HAND, 2.32, 287),
    (27, "hold_back_arms", "Hold back arms", Group.HAND, 0.54, 87),
    (28, "head_up", "Head up", Group.HEAD, 0.54, 60),
    (29, "press_lips", "Pressing lips", Group.HEAD, 8.36, 1237),
    (30, "akimbo", "Arms akimbo", Group.HAND, 0.04, 6),
    (31, "shake_shoulders", "Shaking shoulders", Group.BODY, 15.57, 2272),
    (ILLUSTRATIVE_ID, "illustrative", "Illustrative body language", Group.NONE, 30.9, 4023),
)

LABELS: tuple[Label, ...] = tuple(
    Label(id_, slug, name, group, percent / 100.0, count)
    for id_, slug, name, group, percent, count in _ROWS
)
BY_ID: dict[int, Label] = {label.id: label for label in LABELS}
BY_SLUG: dict[str, Label] = {label.slug: label for label in LABELS}


def own_label(label_id: int, slug: str, name: str = "") -> Label:
    """A label that is none of iMiGUE's.

    Args:
        label_id: `FIRST_OWN_ID` or more.
        slug: Of small letters, digits and underscores; none of iMiGUE's.
        name: For people; the slug if empty.

    Raises:
        ModelError: It cannot be used.
    """
    label = Label(label_id, slug, name or slug, Group.NONE, 0.0, 0)
    for problem in _problems(label):
        raise ModelError(problem)
    return label


def check_labels(labels: Iterable[Label]) -> None:
    """Refuse what a recogniser gives as its labels if events of it could not be told apart.

    Raises:
        ModelError: One is neither iMiGUE's nor a sound own one, or two are the same.
    """
    seen: set[int | str] = set()
    for label in labels:
        if not isinstance(label, Label):
            raise ModelError(
                f"the recogniser's labels must be `engine.labels.Label` objects, got {label!r}"
            )
        for problem in _problems(label):
            raise ModelError(f"the recogniser's labels cannot be used: {problem}")
        if label.id in seen or label.slug in seen:
            raise ModelError(f"the recogniser gives the label '{label.slug}' ({label.id}) twice")
        seen |= {label.id, label.slug}


def _problems(label: Label) -> list[str]:
    if BY_ID.get(label.id) == label:
        return []
    problems = []
    if label.id < FIRST_OWN_ID:
        problems.append(
            f"'{label.slug}' has the id {label.id}: expected a label of iMiGUE's table, or an own "
            f"one with an id of {FIRST_OWN_ID} or more"
        )
    if not _SLUG.fullmatch(label.slug) or label.slug in BY_SLUG:
        problems.append(
            f"'{label.slug}': expected a name of small letters, digits and underscores that is "
            "none of iMiGUE's"
        )
    if (label.group, label.share, label.train_count) != (Group.NONE, 0.0, 0):
        problems.append(f"'{label.slug}' claims a group or a share of iMiGUE, which it is none of")
    return problems
