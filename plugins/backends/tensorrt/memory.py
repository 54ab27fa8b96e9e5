"""Where an engine's tensors lie: in memory both can reach, and on the GPU."""

import numpy as np

from engine.poses import F32, Bools
from engine.step_graph import NEXT
from plugins.backends.tensorrt.cuda import Bytes, Cuda
from plugins.backends.tensorrt.layout import Layout, Tensor


class EngineMemory:
    """One place for each input and output, and two for each state.

    A tick in turn 0 reads the first set of states and writes the second; in turn 1 the other way.

    Args:
        cuda: The GPU.
        layout: What to make room for.

    Attributes:
        x: `(S, …)` float32, pinned.
        active: `(S,)` bool, pinned.
        outputs: `(S, n)` float32 each, pinned.

    Raises:
        DeviceError: There is no room.
    """

    def __init__(self, cuda: Cuda, layout: Layout) -> None:
        self._cuda = cuda
        self._layout = layout
        self._pinned = {t.name: cuda.pinned(t.size) for t in self._shared()}
        self._places = {t.name: cuda.memory(t.size) for t in self._shared()}
        self._states = tuple(
            {state.name: cuda.memory(state.size) for state in layout.states} for _ in range(2)
        )
        self.x: F32 = self._array(layout.x)
        self.active: Bools = self._array(layout.active)
        self.outputs: tuple[F32, ...] = tuple(self._array(output) for output in layout.outputs)

    def places(self, turn: int) -> dict[str, int]:
        """Where the plan finds its tensors in a turn, by name."""
        after = {NEXT + name: at for name, at in self._states[1 - turn].items()}
        return self._places | self._states[turn] | after

    def upload(self, stream: int) -> None:
        """Bring what goes in to the GPU."""
        for tensor in (self._layout.x, self._layout.active):
            self._cuda.upload(self._pinned[tensor.name], self._places[tensor.name], stream)

    def download(self, stream: int) -> None:
        """Bring what comes out from the GPU."""
        for tensor in self._layout.outputs:
            self._cuda.download(self._places[tensor.name], self._pinned[tensor.name], stream)

    def forget(self, stream: int) -> None:
        """Clear what all rows remember, in both sets."""
        for places in self._states:
            for state in self._layout.states:
                self._cuda.zero(places[state.name], state.size, stream)

    def forget_row(self, row: int, turn: int, stream: int) -> None:
        """Clear what a row remembers, in the set that the turn reads."""
        for state in self._layout.states:
            start = self._states[turn][state.name] + row * state.row_size
            self._cuda.zero(start, state.row_size, stream)

    def _shared(self) -> tuple[Tensor, ...]:
        return (self._layout.x, self._layout.active, *self._layout.outputs)

    def _array(self, tensor: Tensor) -> np.ndarray:  # type: ignore[type-arg] # float32 or bool
        pinned: Bytes = self._pinned[tensor.name]
        pinned[:] = 0
        return pinned.view(tensor.dtype).reshape(tensor.shape)
