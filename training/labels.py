"""Class and group indices of the network's heads, derived from the engine's label table."""

from engine.labels import BY_ID, ILLUSTRATIVE_ID, LABELS, Group

IGNORE = -1
"""Marks ticks that are neither trained on nor scored: no pose, or the middle of a transition."""

CLASS_IDS: tuple[int, ...] = tuple(label.id for label in LABELS)
"""iMiGUE id of each class index but the last: 1..31, then 99."""

NONE_INDEX = len(CLASS_IDS)
"""Index of "nothing happens"."""

CLASS_COUNT = NONE_INDEX + 1
CLASS_NAMES: tuple[str, ...] = (*(label.slug for label in LABELS), "none")

GROUPS: tuple[str, ...] = (*(group.value for group in Group), "nothing")
"""The five groups, illustrative's `None`, and `nothing` for the class none."""

GROUP_COUNT = len(GROUPS)
GROUP_OF: tuple[int, ...] = (
    *(GROUPS.index(label.group.value) for label in LABELS),
    GROUPS.index("nothing"),
)
"""Group index of each class index."""


def class_index(label_id: int) -> int:
    """Index of an iMiGUE id.

    Raises:
        KeyError: There is no such id.
    """
    return CLASS_IDS.index(BY_ID[label_id].id)


ILLUSTRATIVE_INDEX = class_index(ILLUSTRATIVE_ID)
