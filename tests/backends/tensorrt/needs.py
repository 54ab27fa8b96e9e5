"""What a test of TensorRT may need, and a loud word where it is missing."""

import pytest

from plugins.backends.tensorrt.backend import TensorRtBackend, TensorRtConfig
from plugins.backends.tensorrt.shim import TensorRt, load

REFUSAL = TensorRtBackend(TensorRtConfig()).refusal()

gpu = pytest.mark.skipif(bool(REFUSAL), reason=f"NO GPU: nothing ran on one: {REFUSAL}")
"""For tests that run engines; they are also marked `gpu`."""


def builder() -> TensorRt:
    """The package whose parser and builder need no GPU; skips where it is missing."""
    pytest.importorskip(
        "tensorrt_rtx",
        reason="NO TENSORRT: NVIDIA's parser and builder did not see the model; "
        "pip install 'fidget[tensorrt]'",
    )
    return load(("tensorrt_rtx",))
