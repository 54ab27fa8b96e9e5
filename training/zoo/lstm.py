"""LSTM and BLSTM over the joints of a clip.

Hochreiter and Schmidhuber, Neural Computation 1997; Graves and Schmidhuber, Neural Networks 2005.
On iMiGUE (Liu et al., CVPR 2021) top-1/top-5: LSTM 32.36/72.93, BLSTM 32.39/71.34 %.

iMiGUE's paper does not tell sizes. Chosen: two layers of 256, and dropout before the linear
layer. The logits come from the last state and not from a mean over time, so that a stream has an
answer at each tick and stepping is the same as the clip so far.
"""

from typing import Annotated

from msgspec import Meta, Struct
from torch import Tensor, nn

from training.network.network import State
from training.zoo.clip_model import CHANNELS, CLIP_CLASSES, ClipClassifier, Description
from training.zoo.joint_graph import IMIGUE_GRAPH, JointGraph
from training.zoo.recurrent import BothWays, Onward


class LstmConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sizes.

    Attributes:
        classes: Logits.
        hidden: Numbers each layer (of a direction) gives.
        layers: How many.
        dropout: Part of the last state left out in training, 0..1.
    """

    classes: Annotated[int, Meta(ge=2)] = CLIP_CLASSES
    hidden: Annotated[int, Meta(ge=1)] = 256
    layers: Annotated[int, Meta(ge=1)] = 2
    dropout: Annotated[float, Meta(ge=0, lt=1)] = 0.5


class _FromLastState(ClipClassifier):
    def __init__(self, reader: Onward | BothWays, config: LstmConfig, graph: JointGraph) -> None:
        super().__init__(graph)
        self.reader = reader
        self.head = nn.Sequential(
            nn.Dropout(config.dropout), nn.Linear(reader.width, config.classes)
        )

    def forward(self, clips: Tensor, lengths: Tensor) -> Tensor:
        """Logits `(N, classes)`, see `ClipModel`."""
        self.seen(clips, lengths)
        read = self.reader(clips.flatten(2), lengths)
        logits: Tensor = self.head(self.reader.summary(read, lengths))
        return logits


class Lstm(_FromLastState):
    """The causal one.

    Args:
        config: Sizes.
        graph: Joints; the bones are not used.
    """

    description = Description(
        name="lstm",
        paper="Hochreiter and Schmidhuber, Neural Computation 1997",
        published_top1_percent=32.36,
        published_top5_percent=72.93,
        streams=True,
    )
    Config = LstmConfig

    def __init__(self, config: LstmConfig, graph: JointGraph = IMIGUE_GRAPH) -> None:
        reader = Onward(len(graph) * CHANNELS, config.hidden, config.layers)
        super().__init__(reader, config, graph)

    def initial_state(self, streams: int) -> State:
        """See `Stepping`."""
        assert isinstance(self.reader, Onward)
        return self.reader.initial_state(streams)

    def step(self, tick: Tensor, state: State) -> tuple[Tensor, State]:
        """See `Stepping`."""
        assert isinstance(self.reader, Onward)
        read, after = self.reader.step(tick.flatten(1), state)
        return self.head(read), after


class Blstm(_FromLastState):
    """The one that reads from both ends.

    Args:
        config: Sizes.
        graph: Joints; the bones are not used.
    """

    description = Description(
        name="blstm",
        paper="Graves and Schmidhuber, Neural Networks 2005",
        published_top1_percent=32.39,
        published_top5_percent=71.34,
    )
    Config = LstmConfig

    def __init__(self, config: LstmConfig, graph: JointGraph = IMIGUE_GRAPH) -> None:
        reader = BothWays(nn.LSTM, len(graph) * CHANNELS, config.hidden, config.layers)
        super().__init__(reader, config, graph)
