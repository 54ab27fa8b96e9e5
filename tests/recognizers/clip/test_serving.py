"""Clip models on backends that come, go and take over."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine import registry
from engine.backends import Backend
from engine.config import Config, DecoderConfig
from engine.core.batch import LoneStream
from engine.core.stream import Decision, StreamCore
from engine.poses import F32, Bools
from engine.serving.engine_group import EngineGroup
from engine.serving.follower import Follower
from engine.serving.history import TickHistory
from engine.step_graph import StepGraph
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from plugins.backends.torch_cuda.program import Program
from plugins.recognizers.clip.metadata import ServedBy
from plugins.recognizers.clip.model_file import read_clip_model
from plugins.recognizers.clip.recognizer import ClipConfig, ClipRecognizer
from tests.fakes.running import Unwatched
from tests.fakes.samples import upright
from tests.recognizers.clip.models import STRIDE, WINDOW, export_clip_model

STREAMS = 3
ALL = np.ones(STREAMS, np.bool_)


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> dict[ServedBy, StepGraph]:
    folder = tmp_path_factory.mktemp("clip")
    return {
        kind: read_clip_model(export_clip_model(folder / f"{kind.value}.onnx", kind)).graph
        for kind in ServedBy
    }


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


class Hurried(Unwatched):
    """Gives up some runs, as a processor does that has no time."""

    def __init__(self, graph: StepGraph, give_up: frozenset[int]) -> None:
        super().__init__(OnnxRuntimeBackend(OnnxRuntimeConfig()), graph)
        self._give_up = give_up
        self._runs = 0
        self._late: Bools | None = None

    @property
    def late(self) -> Bools | None:  # type: ignore[override]
        return self._late

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        (logits,) = super().step(x, active)
        self._late = active.copy() if self._runs in self._give_up else None
        self._runs += 1
        return (np.full_like(logits, np.nan) if self._late is not None else logits,)


def told(
    path: Path, hurry: frozenset[int], given_up: frozenset[int], notes: list[int]
) -> tuple[list[Decision], F32]:
    """What a stream decides and believes; which ticks were given up goes to `notes`."""
    model = ClipRecognizer(ClipConfig(model=str(path)), None, lambda g: Hurried(g, hurry))
    scores: list[F32] = []
    core = StreamCore(
        Config(decoder=DecoderConfig(onset=0.2, offset=0.1, min_duration_s=0.04)),
        model,
        watch=lambda _, row: scores.append(row.copy()),
        on_given_up=notes.append,
        given_up=given_up,
    )
    stream, decisions = LoneStream(core, model), []
    for k in range(150):
        pose = upright(k / 25, {"left_eye": (0.52, 0.28), "right_eye": (0.48, 0.28)}, dx=k % 7 / 90)
        decisions += stream.step(pose)
    return decisions + stream.finish(), np.stack(scores)


def test_a_session_in_which_runs_were_given_up_replays_exactly(tmp_path: Path) -> None:
    path = export_clip_model(tmp_path / "m.onnx", ServedBy.WINDOW)
    notes: list[int] = []
    lived, believed = told(path, frozenset({4, 5, 11}), frozenset(), notes)
    assert len(notes) == 3 * STRIDE
    replayed, again = told(path, frozenset(), frozenset(notes), [])
    np.testing.assert_array_equal(again, believed)
    assert replayed == lived
    assert any(decision.kind == "gesture" for decision in lived)
    undisturbed, _ = told(path, frozenset(), frozenset(), [])
    assert undisturbed != lived
