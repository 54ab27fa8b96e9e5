"""Where the arithmetic runs."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from engine.errors import DeviceError


def chosen_device(name: str) -> torch.device:
    """The device called `name`; `auto` is the first GPU, or the CPU.

    Raises:
        DeviceError: There is no such device.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:  # torch built without CUDA asserts
        raise DeviceError(
            f"device '{name}' cannot be used: {str(error).splitlines()[0]}; "
            "expected auto, cpu or cuda"
        ) from error
    return device


@contextmanager
def fixed_threads(count: int) -> Iterator[None]:
    """So many CPU threads inside: sums are split by thread, so their number decides the bits."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
