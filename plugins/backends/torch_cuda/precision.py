"""Numbers a graph is run in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import torch

Precision = Literal["fp32", "tf32", "fp16", "bf16"]

DTYPES: dict[Precision, torch.dtype] = {
    "fp32": torch.float32,
    "tf32": torch.float32,
    "fp16": torch.float16,
    "bf16": torch.bfloat16,
}
"""Of weights, input and states."""


@contextmanager
def arithmetic(precision: Precision) -> Iterator[None]:
    """Within, products of float32 matrices are exact, or TF32 if that was asked for.

    It counts while kernels are chosen: at capture, not at replay. Left to itself torch convolves
    in TF32 and multiplies in float32. Its older switches are used: with the newer ones torch 2.11
    refuses to tell what was set before.
    """
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = matmul.allow_tf32, cudnn.allow_tf32
    matmul.allow_tf32 = cudnn.allow_tf32 = precision == "tf32"
    try:
        yield
    finally:
        matmul.allow_tf32, cudnn.allow_tf32 = before
