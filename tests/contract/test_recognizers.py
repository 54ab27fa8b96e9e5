"""Every registered recogniser keeps the step contract."""

from pathlib import Path

import numpy as np
import pytest

from engine import registry
from engine.backends import BackendStatus
from engine.config import DecoderConfig
from engine.contracts import StepModel
from engine.core.class_rules import class_rules
from engine.labels import check_labels
from engine.poses import F32
from engine.skeletons import SKELETONS
from plugins.recognizers.clip.metadata import ServedBy
from tests.fakes.running import run_graph
from tests.recognizers.clip.models import export_clip_model

SERVED = {f"clip by {served_by.value}": served_by for served_by in ServedBy}
NAMES = [name for name in registry.names("recognizers") if name != "clip"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Models of the plugin that ships none, in each form that it serves."""
    folder = tmp_path_factory.mktemp("files")
    return {
        name: export_clip_model(folder / f"{served_by.value}.onnx", served_by)
        for name, served_by in SERVED.items()
    }


@pytest.fixture(params=[*NAMES, *SERVED])
def model(request: pytest.FixtureRequest, files: dict[str, Path]) -> StepModel:
    name: str = request.param
    options = {"model": str(files[name])} if name in files else {}
    plugin = name.partition(" ")[0]
    made: StepModel = registry.create("recognizers", plugin, options, None, run_graph)
    made.warm_up()
    return made


def clip(model: StepModel, ticks: int, seed: int) -> F32:
    """A drifting cloud of joints with some missing and one gap: `(T, 1, J, 4)`."""
    rng = np.random.default_rng(seed)
    joint_count = len(SKELETONS[model.skeleton])
    rest = rng.normal(0, 0.6, (1, joint_count, 2))
    depth = rng.normal(0, 0.3, (ticks, joint_count, 1))
    drift = np.cumsum(rng.normal(0, 0.01, (ticks, joint_count, 2)), axis=0)
    confidence = (rng.random((ticks, joint_count, 1)) > 0.1).astype(np.float32)
    x = np.concatenate([rest + drift, np.ones_like(confidence), depth], axis=2) * confidence
    x[ticks // 2 : ticks // 2 + 5] = 0.0
    return np.asarray(x[:, None], np.float32)


def scores_of(model: StepModel, x: F32) -> list[F32]:
    """Scores of every tick; one that only fills the window counts as no score at all."""
    given = (model.step(tick) for tick in x)
    silent = np.zeros((1, len(model.labels)), np.float32)
    return [silent if scores is None else scores.copy() for scores in given]


def test_it_declares_what_it_is(model: StepModel) -> None:
    assert model.skeleton in SKELETONS
    check_labels(model.labels)
    assert model.labels
    assert model.rate_hz > 0
    assert model.receptive_field >= 1
    assert model.delay >= 0
    assert int(model.model_hash, 16) >= 0
    assert isinstance(model.backend, BackendStatus)


def test_its_operating_points_are_of_its_classes_and_fit_the_defaults(model: StepModel) -> None:
    assert set(model.operating_points) <= {label.slug for label in model.labels}
    rules = class_rules(DecoderConfig(), model.labels, model.operating_points)
    assert len(rules) == len(model.labels)


def test_scores_are_between_0_and_1_or_abstained_from(model: StepModel) -> None:
    for scores in scores_of(model, clip(model, 200, seed=1)):
        assert scores.shape == (1, len(model.labels))
        assert scores.dtype == np.float32
        told = scores[~np.isnan(scores)]
        assert ((told >= 0) & (told <= 1)).all()


def test_an_empty_room_gives_no_gesture(model: StepModel) -> None:
    zeros = np.zeros((100, 1, len(SKELETONS[model.skeleton]), 4), np.float32)
    for scores in scores_of(model, zeros):
        assert not (scores >= 0.5).any()


def test_the_same_input_gives_the_same_scores_after_reset(model: StepModel) -> None:
    x = clip(model, 120, seed=2)
    first = scores_of(model, x)
    model.reset()
    again = scores_of(model, x)
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_past_is_forgotten_by_reset(model: StepModel) -> None:
    x = clip(model, 60, seed=3)
    fresh = scores_of(model, x)
    scores_of(model, clip(model, 60, seed=4))
    model.reset(0)
    for a, b in zip(fresh, scores_of(model, x), strict=True):
        np.testing.assert_array_equal(a, b)


def test_warm_up_leaves_no_trace_and_close_is_idempotent(model: StepModel) -> None:
    x = clip(model, 30, seed=5)
    first = scores_of(model, x)
    model.warm_up()
    for a, b in zip(first, scores_of(model, x), strict=True):
        np.testing.assert_array_equal(a, b)
    model.close()
    model.close()


def test_each_row_has_its_own_history_and_is_idle_without_a_tick(model: StepModel) -> None:
    x = clip(model, 60, seed=6)
    alone = scores_of(model, x)
    model.reserve(3)
    model.reset()
    other, position, given = clip(model, 120, seed=7), 0, []
    for tick in range(119):
        active = np.array([False, tick % 2 == 0, True])
        both = np.concatenate([other[tick], x[position], other[tick]])
        scores = model.step(both, active)
        if active[1]:
            given.append(np.zeros_like(alone[0]) if scores is None else scores[1:2].copy())
            position += 1
    for a, b in zip(alone, given, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
