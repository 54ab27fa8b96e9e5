"""The same arithmetic where there is no GPU."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor


class CpuLane:
    """Keeps `Lane`; runs ticks at once, uncaptured."""

    def __init__(self) -> None:
        self.device = torch.device("cpu")
        self._ticks: tuple[Callable[[], None], ...] = ()

    def active(self) -> AbstractContextManager[object]:
        return nullcontext()

    def shared(self, size: int) -> tuple[Tensor, Tensor]:
        both = torch.zeros(size)
        return both, both

    def prepare(self, ticks: Sequence[Callable[[], None]]) -> None:
        self._ticks = tuple(ticks)
        for tick in ticks:
            tick()

    def run(self, which: int) -> None:
        self._ticks[which]()

    def close(self) -> None:
        self._ticks = ()
