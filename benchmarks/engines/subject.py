"""The network that everything here runs, in each form that somebody wants it in."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.report import Result
from engine.poses import F32
from engine.step_graph import StepGraph
from plugins.recognizers.graph.metadata import ModelMetadata
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.relations import CHANNELS
from training.labels import CLASS_IDS, GROUP_OF, GROUPS
from training.network.export import export_step, export_window
from training.network.network import NetworkConfig, StepNetwork


@dataclass(frozen=True)
class Subject:
    """A network and its files.

    Attributes:
        network: In evaluation.
        model: The file that the recogniser loads.
        graph: What is in it.
        window: The same network over its whole receptive field at once.
    """

    network: StepNetwork
    model: Path
    graph: StepGraph
    window: Path

    def described(self) -> Result:
        """Its size."""
        config = self.network.config
        return {
            "parameters": self.network.parameter_count,
            "receptive_field_ticks": config.receptive_field,
            "receptive_field_s": config.receptive_field / 25.0,
        }


def random_ticks(graph: StepGraph, count: int, streams: int) -> F32:
    """`(T, S, C, 22)` random channels, all joints seen."""
    x = np.random.default_rng(0).normal(0, 0.3, (count, streams, *graph.row)).astype(np.float32)
    x[:, :, 0] = 1.0
    return x


@contextmanager
def subject(run: Path | None) -> Iterator[Subject]:
    """The network of a training run, or one of the shipped size with random weights.

    What it costs does not depend on the weights. The files are gone at the end.
    """
    network = _network(run)
    with tempfile.TemporaryDirectory() as folder:
        step_file, window_file = Path(folder, "step.onnx"), Path(folder, "window.onnx")
        export_step(network, _metadata(network), step_file)
        export_window(network, window_file)
        yield Subject(network, step_file, read_model(step_file).graph, window_file)


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
