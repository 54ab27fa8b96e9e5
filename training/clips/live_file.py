"""Files that the recogniser `clip` serves: a model and what it is."""

import copy
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import onnx
import torch
from torch import Tensor, nn

from engine.errors import UsageError
from engine.skeletons import IMIGUE_22
from engine.step_graph import INPUT, NEXT, STATE, STREAMS
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from plugins.recognizers.clip.metadata import (
    CHANNELS,
    METADATA_KEY,
    ClipMetadata,
    ServedBy,
    problems_of,
)
from plugins.recognizers.clip.model_file import LOGITS, read_clip_model
from plugins.recognizers.model_metadata import encode
from training.network.export import translated, write_bare
from training.zoo.clip_model import ClipClassifier
from training.zoo.sliding import SlidingSteps

# Two, so that the exporter cannot take an axis of one for a constant.
_EXAMPLE_STREAMS = 2
_TIMED, _WARM = 30, 5


class WindowForm(nn.Module):
    """A classifier of clips as a network of windows that all count from their first tick to last.

    Args:
        model: Trained.
        window: Ticks.
    """

    def __init__(self, model: ClipClassifier, window: int) -> None:
        super().__init__()
        self.model = model
        self._window = window

    def forward(self, windows: Tensor) -> Tensor:
        """`(S, K)` logits of `(S, window, V, 3)`."""
        logits: Tensor = self.model(windows, torch.full((windows.shape[0],), self._window))
        return logits


def write_live_model(model: ClipClassifier, metadata: ClipMetadata, path: Path) -> ClipMetadata:
    """Write a classifier of the zoo as its metadata wants it served.

    Args:
        model: Trained on clips as `live_windows` cuts them; it is not changed.
        metadata: What the file will say; its cost is measured here.
        path: Where to.

    Returns:
        What the file says.

    Raises:
        UsageError: The model and the metadata do not fit each other, or the file cannot be written.
    """
    copied = copy.deepcopy(model).cpu().eval()
    if metadata.served_by is ServedBy.STEPS:
        return write_live_steps(SlidingSteps(copied, metadata.window), metadata, path)
    return write_live_window(WindowForm(copied, metadata.window), metadata, path)


def write_live_steps(steps: SlidingSteps, metadata: ClipMetadata, path: Path) -> ClipMetadata:
    """Write what steps: `x` `(S, 22, 3)` and its state to `logits` and the state after.

    Args, Returns, Raises:
        See `write_live_model`.
    """
    state = steps.initial_state(_EXAMPLE_STREAMS)
    tick = torch.zeros(_EXAMPLE_STREAMS, len(IMIGUE_22), CHANNELS)
    return _write(steps, tick, state, metadata, path)


def write_live_window(form: nn.Module, metadata: ClipMetadata, path: Path) -> ClipMetadata:
    """Write any network of windows: `x` `(S, window, 22, 3)` to `logits` `(S, K)`.

    Args:
        form: On the processor. Its result for a stream must not depend on the others.
        metadata: See `write_live_model`.
        path: Where to.

    Returns, Raises:
        See `write_live_model`.
    """
    window = torch.zeros(_EXAMPLE_STREAMS, metadata.window, len(IMIGUE_22), CHANNELS)
    return _write(form, window, (), metadata, path)


def described_anew(path: Path, metadata: ClipMetadata) -> ClipMetadata:
    """Let a file say something else, such as thresholds that were found with it.

    Args:
        path: Written by one of the above.
        metadata: What it is to say; its cost is taken as it is.

    Returns, Raises:
        See `write_live_model`.
    """
    return _kept(onnx.load(path), metadata, path)


def _write(
    form: nn.Module, x: Tensor, state: Sequence[Tensor], metadata: ClipMetadata, path: Path
) -> ClipMetadata:
    _check(metadata)
    states = [f"{STATE}{i}" for i in range(len(state))]
    inputs, outputs = [INPUT, *states], [LOGITS, *(NEXT + name for name in states)]
    free = {0: torch.export.Dim(STREAMS, min=1)}
    # Of a method without a state the exporter wants the shapes of one argument, not of a list.
    shapes = (free, tuple(free for _ in state)) if state else (free,)
    graph = translated(form, (x, *state), inputs, outputs, shapes)
    said = msgspec.structs.replace(metadata, cost_ms=round(_cost_ms(graph, metadata), 2))
    return _kept(graph, said, path)


def _kept(graph: onnx.ModelProto, metadata: ClipMetadata, path: Path) -> ClipMetadata:
    _check(metadata)
    try:
        write_bare(graph, {METADATA_KEY: encode(metadata)}, path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error}") from error
    read_clip_model(path)
    return metadata


def _check(metadata: ClipMetadata) -> None:
    for problem in problems_of(metadata):
        raise UsageError(f"the model cannot be served as it is described: {problem}")


def _cost_ms(graph: onnx.ModelProto, metadata: ClipMetadata) -> float:
    """Median of a run of one stream, on one thread of the processor."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "timed.onnx"
        write_bare(graph, {METADATA_KEY: encode(metadata)}, path)
        engine = OnnxRuntimeBackend(OnnxRuntimeConfig()).open(read_clip_model(path).graph, 1)
        active, times_s = np.ones(1, np.bool_), []
        for _ in range(_WARM + _TIMED):
            start_s = time.perf_counter()
            engine.step(active)
            times_s.append(time.perf_counter() - start_s)
        engine.close()
    return 1e3 * float(np.median(times_s[_WARM:]))
