"""Where ticks run: on a stream of a GPU, as captured graphs."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Literal, Protocol

import torch
from torch import Tensor

from plugins.backends.waiting import PolledWait

Wait = Literal["spin", "block"]

_WARM_UP = 3
"""Runs before a capture: libraries set themselves up in the first ones, which must not be captured.

https://docs.pytorch.org/docs/stable/notes/cuda.html#whole-network-capture
"""


class Lane(Protocol):
    """Runs ticks in order.

    Attributes:
        device: Where their tensors lie.
    """

    device: torch.device

    def active(self) -> AbstractContextManager[object]:
        """Within, what torch is told to do is in order with the ticks."""
        ...

    def shared(self, size: int) -> tuple[Tensor, Tensor]:
        """Float32 zeros that both sides hold: the processor's, then the device's."""
        ...

    def prepare(self, ticks: Sequence[Callable[[], None]]) -> None:
        """Make ticks ready; they are run a few times."""
        ...

    def run(self, which: int) -> None:
        """Run a tick that was prepared, and wait for it."""
        ...

    def close(self) -> None:
        """Free what was prepared. Idempotent; never waits."""
        ...


class CudaLane:
    """Replays captured ticks on a stream of the highest priority of the first GPU.

    Another GPU is chosen as for any program, with `CUDA_VISIBLE_DEVICES`. Priority decides which of
    the blocks that wait are begun first; what runs already is never interrupted.

    Args:
        wait: `spin` has the result soonest and keeps a core busy for it; `block` sleeps until the
            driver wakes it.
    """

    def __init__(self, wait: Wait = "spin") -> None:
        self.device = torch.device("cuda", torch.cuda.current_device())
        _, highest = torch.cuda.Stream.priority_range()  # type: ignore[call-arg] # is static
        self.stream = torch.cuda.Stream(self.device, highest)  # type: ignore[no-untyped-call]
        blocking = wait == "block"
        self._done = torch.cuda.Event(blocking=blocking)  # type: ignore[no-untyped-call]
        self._wait = PolledWait() if wait == "spin" else None
        self._graphs: list[torch.cuda.CUDAGraph] = []

    def active(self) -> AbstractContextManager[object]:
        """See `Lane.active`."""
        return torch.cuda.stream(self.stream)

    def shared(self, size: int) -> tuple[Tensor, Tensor]:
        """See `Lane.shared`. The processor's is page-locked: only such can be captured."""
        return torch.zeros(size, pin_memory=True), torch.zeros(size, device=self.device)

    def prepare(self, ticks: Sequence[Callable[[], None]]) -> None:
        """See `Lane.prepare`."""
        with self.active():
            for _ in range(_WARM_UP):
                for tick in ticks:
                    tick()
        for tick in ticks:
            self._capture(tick)
        for which in range(len(ticks)):
            self.run(which)

    def run(self, which: int) -> None:
        """See `Lane.run`."""
        with self.active():
            self._graphs[which].replay()
            self._done.record(self.stream)
        if self._wait is None:
            self._done.synchronize()
        else:
            self._wait.until(self._done.query)

    def close(self) -> None:
        """See `Lane.close`."""
        self._graphs = []

    def _capture(self, tick: Callable[[], None]) -> None:
        """All share one pool of memory, as they never run side by side."""
        graph = torch.cuda.CUDAGraph()
        pool = self._graphs[0].pool() if self._graphs else None
        # Other threads may go on using the device meanwhile.
        with torch.cuda.graph(graph, pool, self.stream, capture_error_mode="thread_local"):
            tick()
        self._graphs.append(graph)
