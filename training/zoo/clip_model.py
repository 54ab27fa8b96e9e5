"""What every model of the zoo takes and gives."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, NamedTuple, Protocol, runtime_checkable

from msgspec import Struct
from torch import Tensor, nn

from engine.errors import UsageError
from training.labels import CLASS_IDS
from training.network.network import State
from training.zoo.joint_graph import IMIGUE_GRAPH, JointGraph
from training.zoo.masking import seen_ticks

CLIP_CLASSES = len(CLASS_IDS)
"""iMiGUE's labels of clips, as in `training.labels.CLASS_IDS`: there is no class for nothing."""

CHANNELS = 3
"""x, y, confidence."""


class ClipInput(str, Enum):
    """What a model looks at; a model of pictures would add its kind here."""

    POSE = "pose"


@dataclass(frozen=True)
class Description:
    """What a model is, without building it.

    Attributes:
        name: What commands and tables call it.
        paper: Authors, venue and year.
        published_top1_percent: On iMiGUE's cross-subject split, as its paper (Liu et al., CVPR
            2021) tells; None where it has no such row.
        published_top5_percent: The same, among the five best.
        streams: Causal, with a state: it keeps `Stepping`.
        takes: What its clips hold.
    """

    name: str
    paper: str
    published_top1_percent: float | None = None
    published_top5_percent: float | None = None
    streams: bool = False
    takes: ClipInput = ClipInput.POSE


class Latents(NamedTuple):
    """What an unsupervised model says about clips.

    Attributes:
        sequence: `(N, T, D)` float32, 0 beyond a clip's length.
        pooled: `(N, D)` float32, one vector a clip.
    """

    sequence: Tensor
    pooled: Tensor


class ClipModel(nn.Module):
    """A model of whole clips.

    A clip is `(N, T, V, 3)` float32: x, y (image-normalised and centred) and confidence of each
    joint at 25 ticks a second, 0 where a joint is missing. `lengths` `(N,)` int64 tells how many
    ticks of each clip count, from 1 to T: what lies beyond does not change any result, neither in
    training (but for which numbers a dropout leaves out) nor in evaluation.

    Args:
        graph: Joints and bones.

    Attributes:
        description: Of the class; of one that is built on another model, of the object.
    """

    description: Description
    Config: ClassVar[type[Struct]]

    def __init__(self, graph: JointGraph = IMIGUE_GRAPH) -> None:
        super().__init__()
        self.graph = graph

    @property
    def parameter_count(self) -> int:
        """Trained numbers."""
        return sum(p.numel() for p in self.parameters() if p.requires_grad)

    def seen(self, clips: Tensor, lengths: Tensor) -> Tensor:
        """`(N, T)` bool: which ticks count.

        Raises:
            UsageError: The arguments are not what a model of this graph takes.
        """
        joints = len(self.graph)
        if clips.dim() != 4 or tuple(clips.shape[2:]) != (joints, CHANNELS):
            raise UsageError(
                f"{self.description.name}: expected clips (N, T, {joints}, {CHANNELS}), "
                f"got {tuple(clips.shape)}; build the model with the graph of these joints"
            )
        if tuple(lengths.shape) != (clips.shape[0],):
            raise UsageError(
                f"{self.description.name}: expected a length for each of {clips.shape[0]} clips, "
                f"got {tuple(lengths.shape)}"
            )
        return seen_ticks(clips.shape[1], lengths)


class ClipClassifier(ClipModel, ABC):
    """A model that names the gesture of a clip."""

    @abstractmethod
    def forward(self, clips: Tensor, lengths: Tensor) -> Tensor:
        """Logits `(N, classes)` float32 of clips, see `ClipModel`."""

    def loss(self, clips: Tensor, lengths: Tensor, labels: Tensor) -> Tensor:
        """What training makes small.

        Args:
            clips: See `ClipModel`.
            lengths: See `ClipModel`.
            labels: `(N,)` int64 class indices.
        """
        return nn.functional.cross_entropy(self(clips, lengths), labels)


class ClipEncoder(ClipModel, ABC):
    """A model that learns without labels to describe a clip."""

    @property
    @abstractmethod
    def latent_width(self) -> int:
        """Numbers of a latent."""

    @abstractmethod
    def forward(self, clips: Tensor, lengths: Tensor) -> Latents:
        """Latents of clips, see `ClipModel`."""

    @abstractmethod
    def loss(self, clips: Tensor, lengths: Tensor, shown: Tensor | None = None) -> Tensor:
        """What training makes small.

        Args:
            clips: To rebuild, see `ClipModel`.
            lengths: See `ClipModel`.
            shown: What to rebuild them from, if not from themselves.
        """

    @abstractmethod
    def drop_decoder(self) -> None:
        """Forget what only the loss needs: latents stay, and there is no loss any more."""


@runtime_checkable
class Stepping(Protocol):
    """A model whose description says `streams`: a tick at a time gives what the clip would.

    After t ticks `step` has given what `forward` says of the clip of these t ticks: a classifier's
    logits, an encoder's last latent.
    """

    def initial_state(self, streams: int) -> State:
        """What streams that saw nothing remember; streams are the first axis of each tensor."""
        ...

    def step(self, tick: Tensor, state: State) -> tuple[Tensor, State]:
        """One tick `(S, V, 3)` after `state`: `(S, K)` or `(S, D)`, and the state after it."""
        ...
