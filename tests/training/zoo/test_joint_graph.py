"""The tree of joints."""

import pytest
import torch

from engine.errors import UsageError
from engine.skeletons import HOLISTIC_75, IMIGUE_22
from training.network.skeleton import joint_roles, roles_of
from training.zoo.joint_graph import IMIGUE_GRAPH, JointGraph


def test_the_imigue_tree_is_that_of_the_network() -> None:
    torch.testing.assert_close(roles_of(IMIGUE_GRAPH.parents), joint_roles())
    assert IMIGUE_GRAPH.parents[IMIGUE_22.index("neck")] == -1


def test_the_direction_and_order_of_edges_do_not_matter() -> None:
    edges = tuple((b, a) for a, b in reversed(IMIGUE_22.edges))
    assert JointGraph.grown(22, edges, IMIGUE_22.index("neck")) == IMIGUE_GRAPH


def test_adjacency_joins_both_ends_of_each_bone() -> None:
    graph = JointGraph((-1, 0, 0, 2))
    expected = [[0, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 1], [0, 0, 1, 0]]
    assert graph.adjacency().tolist() == expected


def test_bones_point_from_the_parent_and_are_as_sure_as_both_ends() -> None:
    graph = JointGraph((-1, 0, 1))
    clip = torch.tensor([[1.0, 2.0, 0.5], [4.0, 6.0, 0.8], [0.0, 0.0, 0.0]])
    expected = torch.tensor([[0.0, 0.0, 0.0], [3.0, 4.0, 0.4], [0.0, 0.0, 0.0]])
    torch.testing.assert_close(graph.bones(clip), expected)


@pytest.mark.parametrize(
    "edges", [((0, 1), (1, 2)), ((0, 1), (1, 2), (0, 2)), ((0, 1), (1, 2), (2, 3), (3, 0))]
)
def test_what_is_no_tree_is_refused(edges: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(UsageError, match="expected 3 bones that connect 4 joints"):
        JointGraph.grown(4, edges, 0)


def test_a_skeleton_that_is_no_tree_is_refused() -> None:
    with pytest.raises(UsageError, match="bones"):
        JointGraph.of(HOLISTIC_75, root="nose")
