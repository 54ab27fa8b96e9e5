"""Clip models on backends that come, go and take over."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine import registry
from engine.backends import Backend
from engine.poses import F32
from engine.serving.engine_group import EngineGroup
from engine.serving.follower import Follower
from engine.serving.history import TickHistory
from engine.step_graph import StepGraph
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from plugins.backends.torch_cuda.program import Program
from plugins.recognizers.clip.metadata import ServedBy
from plugins.recognizers.clip.model_file import read_clip_model
from tests.recognizers.clip.models import WINDOW, export_clip_model

STREAMS = 3
ALL = np.ones(STREAMS, np.bool_)


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> dict[ServedBy, StepGraph]:
    folder = tmp_path_factory.mktemp("clip")
    paths: dict[ServedBy, Path] = {
        kind: export_clip_model(folder / f"{kind.value}.onnx", kind) for kind in ServedBy
    }
    return {kind: read_clip_model(path).graph for kind, path in paths.items()}


def noise(graph: StepGraph, ticks: int) -> F32:
    rng = np.random.default_rng(1)
    return rng.normal(0, 0.5, (ticks, STREAMS, *graph.row)).astype(np.float32)


def group_of(graph: StepGraph, backend: Backend | None = None) -> EngineGroup:
    group = EngineGroup(backend or OnnxRuntimeBackend(OnnxRuntimeConfig()), graph)
    group.reserve(STREAMS)
    return group


def stepped(group: EngineGroup, tick: F32) -> F32:
    (logits,) = group.step(tick, ALL)
    return logits.copy()


@pytest.mark.parametrize("kind", ServedBy)
def test_whoever_takes_over_goes_on_as_if_it_had_always_served(
    graphs: dict[ServedBy, StepGraph], kind: ServedBy
) -> None:
    graph = graphs[kind]
    one, other = group_of(graph), group_of(graph)
    history = TickHistory(graph.receptive_field, graph.row)
    history.reserve(STREAMS)
    x = noise(graph, 3 * WINDOW + 5)
    for number, tick in enumerate(x[:-WINDOW]):
        if number == 20:
            one.reset(1)
            history.reset(1)
        one.step(tick, ALL)
        history.add(tick, ALL)
    follower = Follower(other, history, graph)
    rounds = 0
    while follower.missing():
        follower.catch_up(*follower.read_missing())
        rounds += 1
    assert rounds == (WINDOW if kind is ServedBy.STEPS else 1)
    for tick in x[-WINDOW:]:
        np.testing.assert_allclose(stepped(other, tick), stepped(one, tick), atol=1e-6)


@pytest.mark.parametrize("kind", ServedBy)
def test_openvino_says_the_same(graphs: dict[ServedBy, StepGraph], kind: ServedBy) -> None:
    pytest.importorskip("openvino")
    backend: Backend = registry.create("backends", "openvino", {})
    ours, theirs = group_of(graphs[kind]), group_of(graphs[kind], backend)
    try:
        for tick in noise(graphs[kind], WINDOW + 5):
            np.testing.assert_allclose(stepped(theirs, tick), stepped(ours, tick), atol=1e-4)
    finally:
        theirs.close()


def test_steps_need_no_operator_that_the_gpu_backend_lacks(
    graphs: dict[ServedBy, StepGraph],
) -> None:
    graph = graphs[ServedBy.STEPS]
    program = Program(graph, torch.device("cpu"), torch.float32)
    states = tuple(torch.zeros(STREAMS, *row) for _, row in graph.states)
    group = group_of(graph)
    for tick in noise(graph, WINDOW + 5):
        (logits,), states = program(torch.from_numpy(tick), states)
        np.testing.assert_allclose(logits.numpy(), stepped(group, tick), atol=1e-5)
