"""Models of the zoo fitted to clips, epoch by epoch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.errors import ConfigError, ModelError
from training.clips.clip_set import ClipSet
from training.clips.epoch_order import epoch_order
from training.clips.outputs import tensors
from training.clips.recipe import ClipRecipe
from training.evaluation.tally import I64
from training.runs.workers import ALONE, Workers
from training.zoo.clip_model import ClipClassifier, ClipEncoder, ClipModel

Watch = Callable[[int, int, float, int], None]
"""Is told after each step: steps done, steps there will be, loss of this step, epoch from 0."""

_SEEDS = 1_000_003
_CLIP = 1.0


@dataclass(frozen=True)
class FitState:
    """All that changes during a fit.

    Attributes:
        model: Its weights.
        optimizer: Its state.
        schedule: State of the learning rate.
        epochs: Finished epochs.
    """

    model: dict[str, Tensor]
    optimizer: dict[str, Any]
    schedule: dict[str, Any]
    epochs: int


class ClipFit:
    """A model that is being fitted; one that needs no labels is not shown any.

    All that is random in an epoch follows from its number: after `restore` a fit ends with the
    very bits of one that was never broken off, on the same processor with as many threads.

    Args:
        make: Makes the model, from torch's own generator.
        train: Clips.
        recipe: How.
        device: Where.
        half: In bfloat16 where torch deems it safe; weights stay float32.
        workers: Who else fits it.
        disturb: What an encoder is shown of a batch of clips that it must rebuild.

    Attributes:
        model: As it is now, in training mode.
        epochs: Finished ones.
        rate: Learning rate of the last step.
    """

    def __init__(
        self,
        make: Callable[[], ClipModel],
        train: ClipSet,
        recipe: ClipRecipe,
        device: torch.device,
        *,
        half: bool = False,
        workers: Workers = ALONE,
        disturb: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        self._disturb = disturb
        self._train, self._recipe, self._device, self._half = train, recipe, device, half
        self._workers = workers
        with seeded(recipe.seed, device):
            self.model = make().to(device)
        self._optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=recipe.rate, weight_decay=recipe.decay
        )
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimizer, recipe.rate, total_steps=max(self.total_steps, 2), pct_start=0.1
        )
        self.epochs = 0
        self.rate = 0.0

    @property
    def steps_per_epoch(self) -> int:
        """Of all clips once; the last step may have fewer."""
        return -(-len(self._train) // self._recipe.batch)

    @property
    def total_steps(self) -> int:
        """Of the whole fit."""
        return self._recipe.epochs * self.steps_per_epoch

    def epoch(self, watch: Watch = lambda *_: None) -> float:
        """One pass over the clips.

        Args:
            watch: Is told of each step.

        Returns:
            Mean loss.

        Raises:
            ModelError: The loss is no number any more.
        """
        self.model.train()
        losses = []
        seed = (self._recipe.seed * _SEEDS + self.epochs) * self._workers.count + self._workers.rank
        with seeded(seed, self._device):
            for rows in epoch_order(self._train.lengths, self._recipe, self.epochs):
                losses.append(self._step(rows))
                done = self.epochs * self.steps_per_epoch + len(losses)
                watch(done, self.total_steps, losses[-1], self.epochs)
        self._workers.mean_buffers(self.model)
        self.epochs += 1
        return float(np.mean(losses))

    def state(self) -> FitState:
        """What `restore` needs."""
        return FitState(
            self.model.state_dict(),
            self._optimizer.state_dict(),
            self._schedule.state_dict(),
            self.epochs,
        )

    def restore(self, state: FitState) -> None:
        """Go on from there.

        Raises:
            ConfigError: It is the state of another model.
        """
        try:
            self.model.load_state_dict(state.model)
            self._optimizer.load_state_dict(state.optimizer)
        except (RuntimeError, KeyError, ValueError) as error:
            raise ConfigError(f"the checkpoint is of another model: {error}") from error
        self._schedule.load_state_dict(state.schedule)
        self.epochs = state.epochs

    def _step(self, rows: I64) -> float:
        self._optimizer.zero_grad(set_to_none=True)
        value = self._gradients(rows)
        if not np.isfinite(value):
            raise ModelError(
                f"{self.model.description.name}: the loss is {value} in epoch {self.epochs + 1}: "
                f"training diverged; lower the rate (now {self._recipe.rate:g})"
            )
        nn.utils.clip_grad_norm_(self.model.parameters(), _CLIP)
        self.rate = float(self._optimizer.param_groups[0]["lr"])
        self._optimizer.step()
        self._schedule.step()
        return value

    def _gradients(self, rows: I64) -> float:
        """Those of a batch, in all processes; its mean loss."""
        own, value = self._workers.share(rows), torch.zeros((), device=self._device)
        if len(own):
            # Of losses that are means over clips, the sum over processes is the mean over all.
            loss = self._loss(own) * (len(own) / len(rows))
            loss.backward()  # type: ignore[no-untyped-call]
            value += loss.detach()
        self._workers.sum_gradients(self.model)
        self._workers.sum([value])
        return value.item()

    def _loss(self, rows: I64) -> Tensor:
        labels = torch.from_numpy(self._train.labels[rows]).to(self._device)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._half):
            clips, lengths = tensors(self._train, rows, self._device)
            shown = None if self._disturb is None else self._disturb(clips)
            return loss_of(self.model, clips, lengths, labels, shown)


def loss_of(
    model: ClipModel, clips: Tensor, lengths: Tensor, labels: Tensor, shown: Tensor | None = None
) -> Tensor:
    """What training makes small; a model that learns without labels does not get them."""
    if isinstance(model, ClipClassifier):
        return model.loss(clips, lengths, labels)
    assert isinstance(model, ClipEncoder)
    return model.loss(clips, lengths, shown)


@contextmanager
def seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Inside, torch's generators begin with this seed; afterwards they are as before."""
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield
