"""What one tick of the learned recogniser costs, against re-running its window on every tick.

Both forms are of the same network, in the same runtime with the same options, in turns in one
process on one core, so that whatever else the machine does hits both.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime as ort
import psutil

from benchmarks.report import Result, percentiles
from engine.backends import StepEngine
from engine.poses import F32
from engine.serving.plain import plainly
from engine.skeletons import HOLISTIC_75
from plugins.backends.onnxruntime_cpu import (
    OnnxRuntimeBackend,
    OnnxRuntimeConfig,
    session_options,
)
from plugins.recognizers.graph.metadata import ModelMetadata
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import GraphConfig, GraphRecognizer
from plugins.recognizers.graph.relations import CHANNELS
from training.labels import CLASS_IDS, GROUP_OF, GROUPS
from training.network.export import export_step, export_window
from training.network.network import NetworkConfig, StepNetwork

_ROUNDS = 20
_WARM_UP = 50

_Times = dict[str, list[tuple[float, float]]]
"""For each call, milliseconds on the wall and of the processor."""


def stepping(steps: int, windows: int, run: Path | None) -> Result:
    """Time both forms.

    Args:
        steps: Ticks to time.
        windows: Windows to time.
        run: Folder of a training run whose network to take; by default one of the default size
            with random weights, which cost the same.

    Returns:
        Milliseconds of a step of the network, of a window, and of a whole step of the recogniser
        (relations, network, fusion, view), as a clock on the wall sees them; the ratio of the
        medians of the first two, and the same ratio of processor time, which other work on the
        machine disturbs less.
    """
    _stay_on_one_core()
    network = _network(run)
    with tempfile.TemporaryDirectory() as folder:
        step_file, window_file = Path(folder, "step.onnx"), Path(folder, "window.onnx")
        export_step(network, _metadata(network), step_file)
        export_window(network, window_file)
        backend = OnnxRuntimeBackend(OnnxRuntimeConfig())
        engine = backend.open(read_model(step_file).graph, 1)
        run_graph = plainly("onnxruntime", backend)
        recogniser = GraphRecognizer(GraphConfig(model=str(step_file)), None, run_graph)
        window = ort.InferenceSession(
            window_file, session_options(), providers=["CPUExecutionProvider"]
        )
        calls = {
            "step_ms": (_on_rows(_stepping(engine), _features(network, 100)), steps),
            "window_ms": (_on_window(window, network), windows),
            "recogniser_ms": (_on_rows(recogniser.step, _joints()), steps),
        }
        try:
            times = _in_turns(calls)
        finally:
            recogniser.close()
    return {
        "network": _described(network),
        **{name: percentiles([wall for wall, _ in pairs]) for name, pairs in times.items()},
        "window_to_step": _ratio(times, 0),
        "window_to_step_processor_time": _ratio(times, 1),
    }


def _ratio(times: _Times, which: int) -> float:
    window, step = (
        statistics.median(pair[which] for pair in times[name]) for name in ("window_ms", "step_ms")
    )
    return round(window / step, 1)


def _in_turns(calls: dict[str, tuple[Callable[[], object], int]]) -> _Times:
    times: _Times = {name: [] for name in calls}
    for call, _ in calls.values():
        for _ in range(_WARM_UP):
            call()
    for _ in range(_ROUNDS):
        for name, (call, count) in calls.items():
            for _ in range(max(1, count // _ROUNDS)):
                times[name].append(_timed(call))
    return times


def _timed(call: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds on the wall and of the processor."""
    processor, wall = time.thread_time(), time.perf_counter()
    call()
    end = time.perf_counter()
    return (end - wall) * 1e3, (time.thread_time() - processor) * 1e3


def _stepping(engine: StepEngine) -> Callable[[F32], object]:
    on = np.ones(1, np.bool_)

    def step(row: F32) -> None:
        engine.x[0] = row
        engine.step(on)

    return step


def _on_rows(step: Callable[[F32], object], rows: F32) -> Callable[[], object]:
    """Calls `step` with the rows, round and round."""
    position = 0

    def call() -> object:
        nonlocal position
        position = (position + 1) % len(rows)
        return step(rows[position])

    return call


def _on_window(session: ort.InferenceSession, network: StepNetwork) -> Callable[[], object]:
    """Runs a window that lies in the runtime's memory already."""
    rows = _features(network, network.config.receptive_field)
    windows = np.ascontiguousarray(rows.transpose(1, 0, 2)[None])
    binding = session.io_binding()
    binding.bind_cpu_input("x", windows)
    for node in session.get_outputs():
        binding.bind_output(node.name)
    return lambda: session.run_with_iobinding(binding)


def _features(network: StepNetwork, ticks: int) -> F32:
    """`(T, C, 22)` random channels, all joints seen."""
    rng = np.random.default_rng(0)
    x = rng.normal(0, 0.3, (ticks, len(network.config.channels), 22)).astype(np.float32)
    x[:, 0] = 1.0
    return x


def _joints() -> F32:
    """`(T, 1, 75, 4)` random joints, all seen."""
    rng = np.random.default_rng(1)
    x = rng.normal(0, 0.3, (100, 1, len(HOLISTIC_75), 4)).astype(np.float32)
    x[..., 2] = 1.0
    return x


def _network(run: Path | None) -> StepNetwork:
    if run is None:
        return StepNetwork(NetworkConfig(channels=CHANNELS)).eval()
    import torch

    from training.fitting.fitted_model import load_network
    from training.fitting.run_folder import RunFolder

    return load_network(RunFolder(run), torch.device("cpu"))


def _metadata(network: StepNetwork) -> ModelMetadata:
    config = network.config
    return ModelMetadata(
        channels=config.channels,
        receptive_field=config.receptive_field,
        delay=config.delay,
        labels=CLASS_IDS,
        covered=CLASS_IDS,
        groups=GROUPS,
        group_of=GROUP_OF,
    )


def _described(network: StepNetwork) -> Result:
    config = network.config
    return {
        "parameters": network.parameter_count,
        "receptive_field_ticks": config.receptive_field,
        "receptive_field_s": config.receptive_field / 25.0,
        "threads": 1,
    }


def _stay_on_one_core() -> None:
    """Where the system can do that."""
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):
        process.cpu_affinity(process.cpu_affinity()[-1:])
