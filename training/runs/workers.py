"""Several processes that train one model, each with a part of every batch.

`torchrun --nproc-per-node 2 -m -- training train --model st-gcn …` starts one a GPU; without the
`--` torchrun takes `--run` for its own. Gradients are summed as one flat vector over torch's own
process group, weighted so that the sum is the gradient of the whole batch: n processes take the
steps that one takes, to rounding.

Hugging Face's accelerate and Lightning wrap the same calls; either would be a dependency for less
code than is here, and brings its own loop or its own checkpoints beside those of the run's folder.
torch's DistributedDataParallel hides the transfer behind the backward pass, but takes only models
whose loss is their `forward`, and averages over processes however many clips each had. For models
of at most 15 M numbers, 60 MB a step, there is little to hide.

Layers that normalise over a batch see their own process's part of it, as everywhere without
synchronised statistics; what they keep for evaluation is the mean over the processes.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, distributed, nn

from training.evaluation.tally import I64
from training.runs.device import chosen_device


@dataclass(frozen=True)
class Workers:
    """All processes of a training, as one of them sees them.

    Attributes:
        rank: Which one this is, from 0.
        count: How many there are.
    """

    rank: int = 0
    count: int = 1

    @property
    def writes(self) -> bool:
        """Whether this one writes files and speaks to people."""
        return self.rank == 0

    def share(self, rows: I64) -> I64:
        """This one's part of a batch; empty where there are more processes than rows."""
        return rows[self.rank :: self.count]

    def device(self, name: str) -> torch.device:
        """The device of this one: with several of them a GPU of its own where there are any.

        Args:
            name: `auto`, `cpu`, `cuda` or `cuda:N`.

        Raises:
            DeviceError: There is no such device.
        """
        device = chosen_device(name)
        if self.count == 1 or device.type != "cuda":
            return device
        return chosen_device(f"cuda:{os.environ['LOCAL_RANK']}")

    def wait(self) -> None:
        """Until all of them are here."""
        self.sum([torch.zeros(1)])

    def sum(self, tensors: Sequence[Tensor]) -> None:
        """Replace tensors of one dtype by their sums over all processes, alike in all of them."""
        if self.count == 1:
            return
        flat = torch.cat([one.flatten() for one in tensors])
        distributed.all_reduce(flat)
        parts = torch.split(flat, [one.numel() for one in tensors])
        for one, part in zip(tensors, parts, strict=True):
            one.copy_(part.view_as(one))

    def sum_gradients(self, model: nn.Module) -> None:
        """Sum the gradients; a process without rows takes part with zeros."""
        if self.count == 1:
            return
        own = [weights for weights in model.parameters() if weights.requires_grad]
        for weights in own:
            if weights.grad is None:
                weights.grad = torch.zeros_like(weights)
        self.sum([weights.grad for weights in own if weights.grad is not None])

    @torch.no_grad()
    def mean_buffers(self, model: nn.Module) -> None:
        """Give all processes the mean of what layers keep for evaluation."""
        kept = [one for one in model.buffers() if one.dtype.is_floating_point]
        if self.count == 1 or not kept:
            return
        self.sum(kept)
        for one in kept:
            one /= self.count


ALONE = Workers()


def several() -> bool:
    """Whether `torchrun` started this process as one of several."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


@contextmanager
def joined() -> Iterator[Workers]:
    """Inside, all processes that `torchrun` started beside this one, or this one alone."""
    if not several():
        yield ALONE
        return
    gpus = torch.cuda.is_available()
    distributed.init_process_group("cpu:gloo,cuda:nccl" if gpus else "gloo")
    try:
        yield Workers(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()
