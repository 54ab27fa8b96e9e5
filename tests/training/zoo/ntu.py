"""The joints of NTU RGB+D 60, for which the graph networks were published."""

from training.zoo.joint_graph import JointGraph

_PAIRS = (
    *((1, 2), (2, 21), (3, 21), (4, 3), (5, 21), (6, 5), (7, 6), (8, 7), (9, 21), (10, 9)),
    *((11, 10), (12, 11), (13, 1), (14, 13), (15, 14), (16, 15), (17, 1), (18, 17), (19, 18)),
    *((20, 19), (22, 23), (23, 8), (24, 25), (25, 12)),
)

NTU_CLASSES = 60
NTU_GRAPH = JointGraph.grown(25, tuple((a - 1, b - 1) for a, b in _PAIRS), root=20)
