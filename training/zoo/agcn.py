"""2s-AGCN: ST-GCN with graphs that are learned and made from the clip, for joints and for bones.

Shi, Zhang, Cheng and Lu, CVPR 2019. On iMiGUE (Liu et al., CVPR 2021, there "2S-GCN") top-1/top-5:
47.78/88.43 %. With NTU-60's 25 joints and 60 classes a stream has 3.5 M parameters.

As published the two streams are trained each for itself and their scores are added; so the loss
is the sum of both, and the logits are the logarithm of the mean score. A bone is the difference of
its ends in x and y and as sure as both together: the paper's third number, depth, is not there.
"""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from training.network.skeleton import roles_of
from training.zoo.adaptive import AdaptiveConv, Alike
from training.zoo.clip_model import ClipClassifier, Description
from training.zoo.graph_tower import Block, GraphTower, TimeConv, TowerConfig, way_around
from training.zoo.joint_graph import IMIGUE_GRAPH, JointGraph


class TwoStreamAgcn(ClipClassifier):
    """Both streams.

    Args:
        config: Sizes of each.
        graph: Joints and bones.
    """

    description = Description(
        name="2s-agcn",
        paper="Shi, Zhang, Cheng and Lu, CVPR 2019",
        published_top1_percent=47.78,
        published_top5_percent=88.43,
    )
    Config = TowerConfig

    def __init__(self, config: TowerConfig, graph: JointGraph = IMIGUE_GRAPH) -> None:
        super().__init__(graph)
        self.joints = _stream(config, graph)
        self.bones = _stream(config, graph)

    def forward(self, clips: Tensor, lengths: Tensor) -> Tensor:
        """Logits `(N, classes)`, see `ClipModel`."""
        scores = [logits.softmax(1) for logits in self._streams(clips, lengths)]
        # A score of 0 has no logarithm; the least float that is not 0 ranks it last all the same.
        tiny = torch.finfo(torch.float32).tiny
        return torch.stack(scores).mean(0).clamp_min(tiny).log()

    def loss(self, clips: Tensor, lengths: Tensor, labels: Tensor) -> Tensor:
        """Sum of the streams' own losses, see `ClipClassifier`."""
        joints, bones = self._streams(clips, lengths)
        return cross_entropy(joints, labels) + cross_entropy(bones, labels)

    def _streams(self, clips: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        seen = self.seen(clips, lengths)
        return self.joints(clips, seen), self.bones(self.graph.bones(clips), seen)


def _stream(config: TowerConfig, graph: JointGraph) -> GraphTower:
    roles = roles_of(graph.parents)

    def block(number: int, inputs: int, outputs: int, stride: int) -> Block:
        return Block(
            AdaptiveConv(inputs, outputs, roles, (Alike.PLACE,)),
            TimeConv(outputs, outputs, stride=stride),
            way_around(inputs, outputs, stride) if number else None,
            stride,
        )

    return GraphTower(config, len(graph), block)
