"""Recurrent layers over clips: onward only, with a state, or from both ends."""

from typing import cast

import torch
from torch import Tensor, nn

from training.network.network import State
from training.zoo.masking import last_seen, seen_ticks


class Onward(nn.Module):
    """Stacked LSTM layers that have seen the past only.

    Args:
        inputs: Numbers a tick.
        hidden: Numbers each layer gives.
        layers: How many.
    """

    def __init__(self, inputs: int, hidden: int, layers: int) -> None:
        super().__init__()
        self.width = hidden
        self._layers = layers
        self.lstm = nn.LSTM(inputs, hidden, layers, batch_first=True)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """`(N, T, I)` to `(N, T, H)`, 0 beyond the lengths."""
        read: Tensor = self.lstm(x)[0]
        return _cut(read, lengths)

    def summary(self, read: Tensor, lengths: Tensor) -> Tensor:
        """`(N, H)`: what it knows at the last tick that counts."""
        return last_seen(read, lengths)

    def initial_state(self, streams: int) -> State:
        """Hidden and cell state, `(S, layers, H)` each, of streams that have seen nothing."""
        zeros = next(self.lstm.parameters()).new_zeros(streams, self._layers, self.width)
        return zeros, zeros.clone()

    def step(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        """One tick `(S, I)` after `state`: `(S, H)` and the state after.

        The cell's own formulas, as an exported step is to be made of operators that any runtime
        has.
        """
        hidden, cell = (part.unbind(1) for part in state)
        hidden_after, cell_after = [], []
        for layer in range(self._layers):
            x, kept = self._cell(layer, x, hidden[layer], cell[layer])
            hidden_after.append(x)
            cell_after.append(kept)
        return x, (torch.stack(hidden_after, 1), torch.stack(cell_after, 1))

    def _cell(self, layer: int, x: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        """Hidden and cell state of one layer after a tick, `(S, H)` each."""
        given, kept = ("weight_ih", "bias_ih"), ("weight_hh", "bias_hh")
        of_input, of_memory = (
            nn.functional.linear(
                numbers, *(cast(Tensor, getattr(self.lstm, f"{name}_l{layer}")) for name in names)
            )
            for numbers, names in ((x, given), (hidden, kept))
        )
        enter, forget, content, leave = (of_input + of_memory).chunk(4, dim=1)
        cell = forget.sigmoid() * cell + enter.sigmoid() * content.tanh()
        return leave.sigmoid() * cell.tanh(), cell


class BothWays(nn.Module):
    """Stacked layers, each reading a clip from its first tick and from its last that counts.

    Args:
        kind: Of the layers.
        inputs: Numbers a tick.
        hidden: Numbers each direction of a layer gives.
        layers: How many.
    """

    def __init__(
        self, kind: type[nn.LSTM] | type[nn.GRU], inputs: int, hidden: int, layers: int
    ) -> None:
        super().__init__()
        self.width = 2 * hidden
        sizes = [inputs, *[self.width] * (layers - 1)]
        self.onward = nn.ModuleList(kind(size, hidden, batch_first=True) for size in sizes)
        self.backward_ = nn.ModuleList(kind(size, hidden, batch_first=True) for size in sizes)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """`(N, T, I)` to `(N, T, 2H)`, 0 beyond the lengths."""
        for onward, backward in zip(self.onward, self.backward_, strict=True):
            ahead = cast(Tensor, onward(x)[0])
            behind = cast(Tensor, backward(turned(x, lengths))[0])
            x = torch.cat((ahead, turned(behind, lengths)), dim=2)
        return _cut(x, lengths)

    def summary(self, read: Tensor, lengths: Tensor) -> Tensor:
        """`(N, 2H)`: what each direction knows at its own end."""
        half = self.width // 2
        return torch.cat((last_seen(read[..., :half], lengths), read[:, 0, half:]), dim=1)


def turned(x: Tensor, lengths: Tensor) -> Tensor:
    """`(N, T, D)` with the ticks that count in the opposite order, the others where they were."""
    ticks = torch.arange(x.shape[1], device=x.device)
    ends = lengths.unsqueeze(1)
    order = torch.where(ticks < ends, ends - 1 - ticks, ticks)
    return x.gather(1, order.unsqueeze(2).expand(-1, -1, x.shape[2]))


def _cut(x: Tensor, lengths: Tensor) -> Tensor:
    return x * seen_ticks(x.shape[1], lengths).unsqueeze(2).to(x.dtype)
