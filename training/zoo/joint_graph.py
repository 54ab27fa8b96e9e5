"""Joints and bones of any skeleton, as the models of the zoo need them."""

from collections import deque
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.errors import UsageError
from engine.skeletons import IMIGUE_22, Skeleton


@dataclass(frozen=True)
class JointGraph:
    """A tree of joints.

    Attributes:
        parents: Of each joint, on the way to the root; -1 for the root itself.
    """

    parents: tuple[int, ...]

    @classmethod
    def grown(cls, joints: int, edges: tuple[tuple[int, int], ...], root: int) -> "JointGraph":
        """The tree that edges in any direction make, seen from the root.

        Raises:
            UsageError: They make no tree of all joints.
        """
        parents = [-1] * joints
        reached = {root}
        waiting = deque([root])
        while waiting:
            joint = waiting.popleft()
            ends = {b if a == joint else a for a, b in edges if joint in (a, b)}
            for end in ends - reached:
                parents[end] = joint
                reached.add(end)
                waiting.append(end)
        if len(reached) != joints or len(edges) != joints - 1:
            raise UsageError(
                f"expected {joints - 1} bones that connect {joints} joints, got {len(edges)} "
                f"bones that reach {len(reached)} from joint {root}"
            )
        return cls(tuple(parents))

    @classmethod
    def of(cls, skeleton: Skeleton, root: str = "neck") -> "JointGraph":
        """The tree of an engine's skeleton.

        Raises:
            UsageError: Its drawn edges make no tree of all joints.
        """
        return cls.grown(len(skeleton), skeleton.edges, skeleton.index(root))

    def __len__(self) -> int:
        return len(self.parents)

    def adjacency(self) -> Tensor:
        """`(V, V)` float32: 1 where a bone joins two joints."""
        matrix = torch.zeros(len(self), len(self))
        for child, parent in enumerate(self.parents):
            if parent >= 0:
                matrix[child, parent] = matrix[parent, child] = 1.0
        return matrix

    def bones(self, clips: Tensor) -> Tensor:
        """Each joint seen from its parent; the root has no bone.

        Args:
            clips: `(..., V, 3)` x, y, confidence.

        Returns:
            `(..., V, 3)`: the differences of x and y, 0 where an end is missing, and the product
            of both confidences.
        """
        at = torch.tensor([joint if p < 0 else p for joint, p in enumerate(self.parents)])
        is_bone = torch.tensor([p >= 0 for p in self.parents]).unsqueeze(1)
        parents = clips[..., at.to(clips.device), :]
        sure = clips[..., 2:] * parents[..., 2:] * is_bone.to(clips)
        return torch.cat(((clips - parents)[..., :2] * (sure > 0), sure), dim=-1)


IMIGUE_GRAPH = JointGraph.of(IMIGUE_22)
