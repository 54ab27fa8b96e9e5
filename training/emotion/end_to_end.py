"""Recognition and emotion together: one model names each clip, another reads the names.

In iMiGUE's paper (Liu et al., CVPR 2021) an LSTM reads the gestures of a recogniser that was
trained on its own. Here it reads what the recogniser believes of each clip, as probabilities, so
that the outcome teaches the recogniser too. The loss is that of the outcome and that of the names.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import torch
from msgspec import Meta, Struct
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from torch.nn.utils.rnn import pad_sequence

from engine.errors import ModelError
from training.emotion.encoding import MOST_GESTURES, WIDTH
from training.emotion.gesture_sequence import GestureSequence
from training.emotion.sequence_lstm import SequenceLstm
from training.emotion.video_clips import ClipsOfVideos, VideoClips
from training.evaluation.tally import F64
from training.labels import IGNORE
from training.zoo.clip_model import CLIP_CLASSES, ClipClassifier, ClipModel
from training.zoo.zoo import ZOO

NAMERS = tuple(name for name, kind in ZOO.items() if issubclass(kind, ClipClassifier))


class EndToEndRecipe(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How both are trained; nothing in it was chosen by looking at test videos.

    Attributes:
        epochs: Passes over the videos.
        videos: In a step.
        clips: That are drawn of a video in a step; with `videos` it bounds the memory.
        at_once: Clips that are named together when nothing is trained.
        rate: Largest learning rate of AdamW: it rises over the first tenth, and falls to 0.
        reading_rate: The same of what reads the names: it has few steps once there are names.
        decay: Of the weights.
        naming: What the loss of the names counts beside that of the outcome.
    """

    epochs: Annotated[int, Meta(ge=1)] = 30
    videos: Annotated[int, Meta(ge=1)] = 8
    clips: Annotated[int, Meta(ge=1)] = 24
    at_once: Annotated[int, Meta(ge=1)] = 128
    rate: float = 1e-3
    reading_rate: float = 5e-3
    decay: float = 1e-2
    naming: Annotated[float, Meta(ge=0)] = 1.0


class EndToEnd(nn.Module):
    """Names clips and reads the names.

    Args:
        namer: Gives logits of clips.
        reader: Gives log-odds of rows as of `encoding.encoded`.
    """

    def __init__(self, namer: ClipClassifier, reader: nn.Module) -> None:
        super().__init__()
        self.namer = namer
        self.reader = reader

    def named(self, video: VideoClips) -> Tensor:
        """`(E, K)` logits of the clips of one video, on the model's device."""
        device = next(self.parameters()).device
        if not len(video):
            return torch.zeros(0, CLIP_CLASSES, device=device)
        clips, lengths = (torch.from_numpy(a).to(device) for a in (video.clips, video.lengths))
        logits: Tensor = self.namer(clips, lengths)
        return logits

    def read(self, logits: Sequence[Tensor], videos: Sequence[VideoClips]) -> Tensor:
        """`(N,)` log-odds of N videos, from the logits of each one's clips."""
        rows = [_rows(own, one) for own, one in zip(logits, videos, strict=True)]
        lengths = torch.tensor([len(row) for row in rows])
        log_odds: Tensor = self.reader(pad_sequence(rows, batch_first=True), lengths)
        return log_odds


def _rows(logits: Tensor, video: VideoClips) -> Tensor:
    """`(E, WIDTH)` as `encoding` has them: beliefs, the largest as score, length and pause.

    A video without clips is one row of zeros.
    """
    if not len(video):
        return logits.new_zeros(1, WIDTH)
    beliefs = torch.softmax(logits, dim=1)
    timing = torch.from_numpy(video.timing).to(logits.device)
    return torch.cat([beliefs, beliefs.amax(dim=1, keepdim=True), timing], dim=1)


@dataclass(frozen=True)
class EndToEndModel:
    """Both, trained.

    Attributes:
        network: The model.
        clips: Of the videos.
        at_once: Clips that are named together.
    """

    network: EndToEnd
    clips: ClipsOfVideos
    at_once: int

    @torch.no_grad()
    def p_positive(self, sequences: Sequence[GestureSequence]) -> F64:
        """`(N,)` probabilities from the clips of these videos; their gestures are not looked at."""
        self.network.eval()
        logits = [self._read(self.clips.of(one.name)) for one in sequences]
        return np.asarray(torch.sigmoid(torch.cat(logits)).double().cpu().numpy(), np.float64)

    def _read(self, video: VideoClips) -> Tensor:
        video = video.chosen(np.arange(len(video))[-MOST_GESTURES:])
        parts = [
            self.network.named(video.chosen(rows))
            for rows in np.array_split(np.arange(len(video)), len(video) // self.at_once + 1)
        ]
        return self.network.read([torch.cat(parts)], [video])


def fit_end_to_end(
    make: Callable[[], ClipModel],
    clips: ClipsOfVideos,
    recipe: EndToEndRecipe,
    sequences: Sequence[GestureSequence],
    seed: int = 0,
) -> EndToEndModel:
    """Train both together.

    Args:
        make: Makes the model that names, one of `NAMERS`, from torch's own generator.
        clips: Of the videos.
        recipe: How.
        sequences: Tell the videos and how each ended.
        seed: Of weights, order, drawn clips and dropout.

    Raises:
        UsageError: A video cannot be read.
        ModelError: The loss is no number any more.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        namer = make()
        assert isinstance(namer, ClipClassifier)
        network = EndToEnd(namer, SequenceLstm()).to(device).train()
        _train(network, clips, recipe, sequences, np.random.default_rng(seed))
    return EndToEndModel(network.eval(), clips, recipe.at_once)


def _train(
    network: EndToEnd,
    clips: ClipsOfVideos,
    recipe: EndToEndRecipe,
    sequences: Sequence[GestureSequence],
    rng: np.random.Generator,
) -> None:
    rates = recipe.rate, recipe.reading_rate
    optimizer = torch.optim.AdamW(
        [
            {"params": part.parameters(), "lr": rate}
            for part, rate in zip((network.namer, network.reader), rates, strict=True)
        ],
        weight_decay=recipe.decay,
    )
    steps = recipe.epochs * -(-len(sequences) // recipe.videos)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, list(rates), total_steps=max(steps, 2), pct_start=0.1
    )
    for _ in range(recipe.epochs):
        order = rng.permutation(len(sequences))
        for start in range(0, len(order), recipe.videos):
            own = [sequences[row] for row in order[start : start + recipe.videos]]
            videos = [_drawn(clips.of(one.name), recipe.clips, rng) for one in own]
            loss = _loss(network, videos, [one.positive for one in own], recipe.naming)
            if not torch.isfinite(loss):
                raise ModelError(f"{network.namer.description.name}: the loss is {float(loss)}")
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()


def _drawn(video: VideoClips, most: int, rng: np.random.Generator) -> VideoClips:
    """At most so many of its clips, in their order."""
    if len(video) <= most:
        return video
    return video.chosen(np.sort(rng.choice(len(video), most, replace=False)))


def _loss(
    network: EndToEnd, videos: Sequence[VideoClips], positive: Sequence[bool], naming: float
) -> Tensor:
    together = joined(videos)
    logits = network.named(together)
    labels = torch.from_numpy(together.labels).to(logits.device)
    log_odds = network.read(torch.split(logits, [len(one) for one in videos]), videos)
    outcome = binary_cross_entropy_with_logits(log_odds, log_odds.new_tensor(positive))
    known = int((labels != IGNORE).sum())
    names = cross_entropy(logits, labels, ignore_index=IGNORE, reduction="sum") / max(known, 1)
    return outcome + naming * names


def joined(videos: Sequence[VideoClips]) -> VideoClips:
    """The clips of all videos, one after the other, as long as the longest."""
    longest = max((int(one.lengths.max()) for one in videos if len(one)), default=1)
    clips = [
        np.pad(one.clips, ((0, 0), (0, max(0, longest - one.clips.shape[1])), (0, 0), (0, 0)))
        for one in videos
    ]
    return VideoClips(
        clips=np.concatenate([own[:, :longest] for own in clips]),
        lengths=np.concatenate([one.lengths for one in videos]),
        labels=np.concatenate([one.labels for one in videos]),
        timing=np.concatenate([one.timing for one in videos]),
    )
