"""A running average of weights, which is steadier than the last step's."""

import torch
from torch import Tensor, nn


class Average:
    """Exponential average of a network's weights; what is counted is copied.

    Args:
        network: Where the average starts.
        keep: Share of the old average kept at a step, 0..1; less in the first steps, so that the
            random start is forgotten.
    """

    def __init__(self, network: nn.Module, keep: float) -> None:
        self._keep = keep
        self._steps = 0
        self.state = {name: value.detach().clone() for name, value in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Take in the weights after one step."""
        self._steps += 1
        keep = min(self._keep, (1 + self._steps) / (10 + self._steps))
        for name, value in network.state_dict().items():
            average = self.state[name]
            if average.dtype.is_floating_point:
                average.lerp_(value, 1 - keep)
            else:
                average.copy_(value)

    def saved(self) -> dict[str, Tensor | int]:
        """What `restore` needs."""
        return {**{f"state.{name}": value for name, value in self.state.items()},
                "steps": self._steps}  # fmt: skip

    def restore(self, saved: dict[str, Tensor | int]) -> None:
        """Continue from `saved`."""
        self._steps = int(saved["steps"])
        for name, value in self.state.items():
            stored = saved[f"state.{name}"]
            assert isinstance(stored, Tensor)
            value.copy_(stored)
