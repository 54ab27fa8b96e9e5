"""How models of the zoo are fitted to clips."""

from collections.abc import Callable, Iterator
from typing import Annotated

import numpy as np
import torch
from msgspec import Meta, Struct
from torch import Tensor, nn

from engine.errors import ModelError
from engine.poses import F32
from training.clips.clip_set import ClipSet
from training.evaluation.tally import I64
from training.zoo.clip_model import ClipClassifier, ClipEncoder, ClipModel


class ClipRecipe(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same for every model.

    Attributes:
        epochs: Passes over the clips.
        batch: Clips in a step.
        rate: Largest learning rate of AdamW: it rises over the first tenth, and falls to 0.
        decay: Of the weights.
        seed: Of weights, order and dropout.
    """

    epochs: Annotated[int, Meta(ge=1)] = 30
    batch: Annotated[int, Meta(ge=1)] = 32
    rate: float = 1e-3
    decay: float = 1e-2
    seed: int = 0


def fit(
    make: Callable[[], ClipModel],
    train: ClipSet,
    recipe: ClipRecipe,
    tell: Callable[[int, float], None] = lambda _epoch, _loss: None,
) -> ClipModel:
    """Train a model; one that needs no labels is not shown any.

    The same arguments give the same model on the same machine.

    Args:
        make: Makes it, from torch's own generator.
        train: Clips.
        recipe: How.
        tell: Hears of each finished epoch and its mean loss.

    Raises:
        ModelError: The loss is no number any more.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        model = make().to(device).train()
        optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
        steps = recipe.epochs * -(-len(train) // recipe.batch)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, recipe.rate, total_steps=max(steps, 2), pct_start=0.1
        )
        for epoch in range(recipe.epochs):
            losses = []
            for rows in _batches(len(train), recipe, epoch):
                loss = _loss(model, train, rows, device)
                losses.append(float(loss.detach()))
                if not np.isfinite(losses[-1]):
                    raise ModelError(f"{model.description.name}: the loss is {losses[-1]}")
                optimizer.zero_grad(set_to_none=True)
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                schedule.step()
            tell(epoch + 1, float(np.mean(losses)))
    return model.eval()


@torch.no_grad()
def logits(model: ClipClassifier, clips: ClipSet, batch: int = 128) -> F32:
    """`(N, K)` float32 of a trained model."""
    return np.concatenate([model(*part).cpu().numpy() for part in _parts(model, clips, batch)])


@torch.no_grad()
def vectors(model: ClipEncoder, clips: ClipSet, batch: int = 128) -> F32:
    """`(N, D)` float32: what a trained model makes of each clip."""
    found = [model(*part).pooled.cpu().numpy() for part in _parts(model, clips, batch)]
    return np.concatenate(found)


def _loss(model: ClipModel, train: ClipSet, rows: I64, device: torch.device) -> Tensor:
    clips, lengths = _tensors(train, rows, device)
    with torch.autocast("cuda", torch.bfloat16, enabled=device.type == "cuda"):
        if isinstance(model, ClipClassifier):
            return model.loss(clips, lengths, torch.from_numpy(train.labels[rows]).to(device))
        assert isinstance(model, ClipEncoder)
        return model.loss(clips, lengths)


def _parts(model: ClipModel, clips: ClipSet, batch: int) -> Iterator[tuple[Tensor, Tensor]]:
    device = next(model.parameters()).device
    for start in range(0, len(clips), batch):
        yield _tensors(clips, np.arange(start, min(start + batch, len(clips))), device)


def _tensors(clips: ClipSet, rows: I64, device: torch.device) -> tuple[Tensor, Tensor]:
    """Cut to the longest of them: what lies beyond a clip's end changes nothing."""
    lengths = clips.lengths[rows]
    cut = clips.clips[rows, : int(lengths.max())]
    return torch.from_numpy(cut).to(device), torch.from_numpy(lengths).to(device)


def _batches(count: int, recipe: ClipRecipe, epoch: int) -> list[I64]:
    order = np.random.default_rng((recipe.seed, epoch)).permutation(count)
    return [order[start : start + recipe.batch] for start in range(0, count, recipe.batch)]
