"""The recogniser serves what a pass over the clip says, stream by stream and tick by tick."""

from pathlib import Path

import numpy as np
import pytest

from engine.backends import BackendStatus
from engine.errors import ModelError
from engine.imigue import from_holistic
from engine.labels import own_label
from engine.poses import F32, Bools
from engine.step_graph import StepGraph
from plugins.recognizers.clip.metadata import Activation, ClassName, ServedBy
from plugins.recognizers.clip.recognizer import ClipConfig, ClipRecognizer, sigmoid
from plugins.recognizers.clip.windows import WindowRunner
from plugins.recognizers.view import SteadyView, needs_of, supported
from tests.fakes.running import run_graph
from tests.recognizers.clip.models import (
    DELAY,
    LABELS,
    POINTS,
    STRIDE,
    WINDOW,
    export_clip_model,
    offline,
    recognizer,
)
from tests.recognizers.graph.models import person

BOTH = (ServedBy.STEPS, ServedBy.WINDOW)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[ServedBy, Path]:
    folder = tmp_path_factory.mktemp("clip")
    return {kind: export_clip_model(folder / f"{kind.value}.onnx", kind) for kind in BOTH}


@pytest.fixture(params=BOTH)
def kind(request: pytest.FixtureRequest) -> ServedBy:
    kind: ServedBy = request.param
    return kind


@pytest.fixture
def model(paths: dict[ServedBy, Path], kind: ServedBy) -> ClipRecognizer:
    return recognizer(paths[kind])


def served(model: ClipRecognizer, x: F32) -> F32:
    """`(T, S, K)`."""
    return np.stack([model.step(tick).copy() for tick in x])


def expected(kind: ServedBy, x: F32) -> F32:
    """`(T, S, K)`: beliefs where the view is good, of `(T, S, 75, 4)` since the last reset."""
    joints = from_holistic(x)[..., :3]
    beliefs = np.stack([offline(kind, joints[:, s]) for s in range(x.shape[1])], axis=1)
    view = SteadyView(len(LABELS), DELAY, x.shape[1])
    rows = np.arange(x.shape[1])
    seen = np.stack([view.step(now, rows) for now in supported(x, needs_of(LABELS))])
    return np.where(seen, beliefs, np.nan)


def test_serving_equals_passes_over_the_clip(model: ClipRecognizer, kind: ServedBy) -> None:
    x = person(60, streams=2)
    x[20:26] = 0.0
    x[40:44, 0, 33:] = 0.0
    scores = served(model, x)
    assert np.isfinite(scores).mean() > 0.5
    np.testing.assert_allclose(scores, expected(kind, x), atol=1e-5)


def test_resetting_one_stream_leaves_the_others(model: ClipRecognizer, kind: ServedBy) -> None:
    x = person(40, streams=2)
    served(model, x[:20])
    model.reset(1)
    after = served(model, x[20:])
    np.testing.assert_allclose(after[:, 0], expected(kind, x)[20:, 0], atol=1e-5)
    np.testing.assert_allclose(after[:, 1], expected(kind, x[20:])[:, 1], atol=1e-5)


def test_rows_without_a_tick_keep_their_history_and_their_pace(
    model: ClipRecognizer, kind: ServedBy
) -> None:
    x = person(40, streams=3)
    model.reserve(3)
    given: list[list[F32]] = [[], [], []]
    for t in range(40):
        active = np.array([t % 2 == 0, True, t % 3 == 0])
        now = np.stack([x[len(given[s]), s] for s in range(3)])
        scores = model.step(now, active)
        for s in np.flatnonzero(active).tolist():
            given[s].append(scores[s].copy())
        assert np.isnan(scores[~active]).all()
    for s, own in enumerate(given):
        whole = expected(kind, x[: len(own), s : s + 1])[:, 0]
        np.testing.assert_allclose(np.stack(own), whole, atol=1e-5)


def test_nothing_older_than_the_receptive_field_matters(
    model: ClipRecognizer, kind: ServedBy
) -> None:
    assert model.receptive_field == WINDOW + (STRIDE - 1 if kind is ServedBy.WINDOW else 0)
    x = person(60)
    broken = x.copy()
    broken[:20, 0, :, :2] = np.nan
    with np.errstate(all="ignore"):
        scores = served(model, broken)
    model.reset()
    later = 20 + model.receptive_field - 1
    np.testing.assert_allclose(scores[later:], served(model, x)[later:], atol=1e-5)
    assert np.isnan(scores[:20]).all()


def test_it_declares_what_the_file_says(model: ClipRecognizer) -> None:
    assert model.labels == LABELS
    assert (model.rate_hz, model.delay, model.precision) == (25.0, DELAY, "")
    assert model.operating_points == POINTS
    assert int(model.model_hash, 16) >= 0


def test_a_detector_scores_each_class_by_itself(tmp_path: Path) -> None:
    names = tuple(f"own_{k}" for k in range(4))
    labels = tuple(ClassName.of(own_label(1000 + k, name)) for k, name in enumerate(names))
    path = export_clip_model(
        tmp_path / "m.onnx",
        ServedBy.STEPS,
        labels=labels,
        background=False,
        activation=Activation.SIGMOID,
        operating_points={},
    )
    scores = served(recognizer(path), person(20))
    told = scores[~np.isnan(scores).any(axis=2)]
    assert told.shape[-1] == 4
    assert not np.allclose(told.sum(axis=-1), 1.0, atol=1e-3)
    assert sigmoid(np.array([-1e9, 0.0, 1e9], np.float32)).tolist() == [0.0, 0.5, 1.0]


def test_without_a_model_it_says_how_to_get_one() -> None:
    with pytest.raises(ModelError, match=r"needs a model.*recognizer\.options"):
        ClipRecognizer(ClipConfig(), None, run_graph)


class Hurried:
    """Runs nothing and says the number of its run; gives up the runs it is told to."""

    backend = BackendStatus("hurried", "")

    def __init__(self, give_up: frozenset[int]) -> None:
        self._give_up = give_up
        self.runs = 0
        self.late: Bools | None = None

    def reserve(self, streams: int) -> None:
        pass

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        self.late = active.copy() if self.runs in self._give_up else None
        said = np.full((len(x), 1), np.nan if self.late is not None else self.runs, np.float32)
        self.runs += 1
        return (said,)

    def reset(self, stream: int) -> None:
        pass

    def close(self) -> None:
        pass


def test_a_run_that_is_given_up_leaves_every_tick_until_the_next_one_late() -> None:
    graph = StepGraph("g", b"", (WINDOW, 22, 3), (("logits", (1,)),), (), 1)
    windows = WindowRunner(graph, lambda _: Hurried(frozenset({1})), STRIDE)
    windows.reserve(1)
    said, late = [], []
    for _ in range(4 * STRIDE):
        (output,) = windows.step(np.zeros((1, 22, 3), np.float32), np.ones(1, np.bool_))
        said.append(float(output[0, 0]))
        late.append(windows.late is not None)
    assert late == [False] * STRIDE + [True] * STRIDE + [False] * (2 * STRIDE)
    assert np.isnan(said[STRIDE : 2 * STRIDE]).all()
    assert said[2 * STRIDE :] == [2.0] * STRIDE + [3.0] * STRIDE
