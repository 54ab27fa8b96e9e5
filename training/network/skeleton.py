"""Who is whose neighbour among the 22 joints, and which joints make a body part.

Indices are those of the joint order of iMiGUE's skeletons (`engine.skeletons.IMIGUE_22`).
"""

import torch
from torch import Tensor

JOINT_COUNT = 22

_PARENTS = (
    *(1, -1),  # nose, neck
    *(1, 2, 3),  # right arm
    *(1, 5, 6),  # left arm
    *(0, 0, 8, 9),  # eyes, ears
    *(7, 7, 7, 7, 7),  # left fingertips
    *(4, 4, 4, 4, 4),  # right fingertips
)
"""Parent of each joint on the way to the neck, which has none."""

PARTS: tuple[tuple[int, ...], ...] = (
    (0, 1),
    (8, 10, 0),
    (9, 11, 0),
    (1, 2, 5),
    (2, 3, 4),
    (5, 6, 7),
    (12, 13, 14, 15, 16),
    (17, 18, 19, 20, 21),
)
"""Joints of face, right and left side of the head, chest, right and left arm, both hands."""

PART_COUNT = len(PARTS)
_PART_PARENTS = (3, 0, 0, -1, 3, 3, 5, 4)


def roles_of(parents: tuple[int, ...]) -> Tensor:
    """`(3, V, V)`: self, towards the root, away from it; columns (receivers) sum to 1 or 0."""
    size = len(parents)
    roles = torch.zeros(3, size, size)
    roles[0] = torch.eye(size)
    for child, parent in enumerate(parents):
        if parent >= 0:
            roles[1, parent, child] = 1.0
            roles[2, child, parent] = 1.0
    return roles / roles.sum(1, keepdim=True).clamp_min(1.0)


def joint_roles() -> Tensor:
    """`(3, 22, 22)`: what a joint takes from itself, from its parent, from its children.

    Entry `[r, v, w]` is how much of sender v reaches receiver w.
    """
    return roles_of(_PARENTS)


def part_roles() -> Tensor:
    """`(3, 8, 8)`: the same for the body parts."""
    return roles_of(_PART_PARENTS)


def pooling_roles() -> Tensor:
    """`(3, 22, 8)`: the mean of a part's own joints, of its parent part's, of its children's."""
    means = torch.zeros(JOINT_COUNT, PART_COUNT)
    for part, joints in enumerate(PARTS):
        means[list(joints), part] = 1.0 / len(joints)
    return means @ part_roles()
