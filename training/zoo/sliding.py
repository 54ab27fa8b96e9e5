"""A model that steps, held to the last so many ticks."""

from itertools import chain

import torch
from torch import Tensor, nn

from engine.errors import UsageError
from training.network.network import State
from training.zoo.clip_model import ClipModel, Stepping


class SlidingSteps(nn.Module):
    """What a model that steps says of exactly the last `window` ticks, a tick at a time.

    A recurrent model never forgets for certain: what it says after an hour cannot be made anew from
    any number of ticks, and is of a state that no clip of its training has led to. Here `window`
    copies of its state are kept, each begun a tick after the one before; a tick steps them all, as
    one batch, begins a new one, and the oldest says its word and ends. So a stream is read as clips
    are in training, a memory is made anew from the last `window` ticks, and at the beginning the
    clip so far is read. It costs as many steps of the model; in one product of matrices they are
    cheaper than they sound (`ClipMetadata.cost_ms` tells).

    Resetting one state every so many ticks would be cheaper, and is not done: the output would
    depend on how long ago that was.

    Args:
        model: Keeps `Stepping`; its streams begin with zeros.
        window: Ticks, 2 or more.

    Raises:
        UsageError: The window is too short, or the model does not step, or not from zeros.
    """

    _copies: Tensor

    def __init__(self, model: ClipModel, window: int) -> None:
        super().__init__()
        if not isinstance(model, Stepping):
            raise UsageError(f"{model.description.name}: cannot step; serve it by windows")
        if window < 2:
            raise UsageError(f"expected a window of 2 ticks or more, got {window}")
        if any(bool(part.any()) for part in model.initial_state(1)):
            raise UsageError(f"{model.description.name}: its streams do not begin with zeros")
        self.model = model
        self._stepping: Stepping = model
        self._window = window
        self.register_buffer("_copies", torch.zeros(window, 1, 1), persistent=False)

    def initial_state(self, streams: int) -> State:
        """See `Stepping`: `(S, window - 1, …)` of each part of the model's own."""
        parts = self._stepping.initial_state(streams)
        return tuple(part.new_zeros(streams, self._window - 1, *part.shape[1:]) for part in parts)

    def forward(self, tick: Tensor, *state: Tensor) -> tuple[Tensor, ...]:
        """What is said of the last ticks, this one, `(S, V, 3)`, included, and the state after."""
        copies = self._window
        begun = [_with_a_new_one(part) for part in state]
        # A sum, as any runtime spreads what it adds; not every one can repeat.
        ticks = tick.unsqueeze(1) + self._copies
        said, after = self._stepping.step(
            ticks.reshape(-1, *tick.shape[1:]),
            tuple(part.reshape(-1, *part.shape[2:]) for part in begun),
        )
        kept = (part.reshape(-1, copies, *part.shape[1:])[:, :-1] for part in after)
        return tuple(chain((said.reshape(-1, copies, said.shape[1])[:, -1],), kept))


def _with_a_new_one(part: Tensor) -> Tensor:
    """`(S, W - 1, …)` to `(S, W, …)`: the first remembers nothing, whatever there was before."""
    return nn.functional.pad(part, (0, 0) * (part.dim() - 2) + (1, 0))


@torch.no_grad()
def slid(model: SlidingSteps, ticks: Tensor) -> Tensor:
    """`(T, S, K)`: all that is said of `(T, S, V, 3)`, from the beginning."""
    state = model.initial_state(ticks.shape[1])
    said = []
    for tick in ticks:
        output, *after = model(tick, *state)
        said.append(output)
        state = tuple(after)
    return torch.stack(said)
