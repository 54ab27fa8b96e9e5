"""The recogniser serves what the network says, stream by stream and tick by tick."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import ModelError
from engine.labels import LABELS
from engine.poses import F32
from plugins.recognizers.graph.fusion import Fusion
from plugins.recognizers.graph.recognizer import GraphConfig, GraphRecognizer
from plugins.recognizers.graph.relations import CHANNELS, relations
from plugins.recognizers.view import SteadyView, needs_of, supported
from tests.fakes.running import run_graph
from tests.recognizers.graph.models import DELAY, TAKEN, export_random, person, random_network
from training.labels import CLASS_IDS, GROUP_OF


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "model.onnx"
    export_random(path)
    return path


@pytest.fixture
def model(path: Path) -> GraphRecognizer:
    return GraphRecognizer(GraphConfig(model=str(path)), None, run_graph)


def served(model: GraphRecognizer, x: F32) -> F32:
    """`(T, S, K)`."""
    return np.stack([model.step(tick).copy() for tick in x])


def of_ticks(x: F32) -> F32:
    """`(T, S, 33)` probabilities from one pass of the network over the whole clip."""
    features = relations(x)[:, :, [CHANNELS.index(name) for name in TAKEN]]
    clip = torch.from_numpy(np.ascontiguousarray(features.transpose(1, 2, 0, 3)))
    outputs = random_network()(clip)
    fuse = Fusion(1.5, 0.5, GROUP_OF)
    return fuse(outputs.class_logits.numpy(), outputs.group_logits.numpy()).transpose(1, 0, 2)


def offline(x: F32) -> F32:
    """What the recogniser should serve: those of the classes, where the view is good."""
    seen = supported(x, needs_of(LABELS))
    view = SteadyView(len(CLASS_IDS), DELAY, x.shape[1])
    late = [view.step(now, np.arange(x.shape[1])) for now in seen]
    return np.where(late, of_ticks(x)[..., :-1], np.nan)


def test_serving_equals_one_pass_over_the_clip(model: GraphRecognizer) -> None:
    x = person(90, streams=2)
    x[40:50] = 0.0
    x[60:64, 0, 33:] = 0.0
    scores = served(model, x)
    assert np.isfinite(scores).mean() > 0.5
    np.testing.assert_allclose(scores, offline(x), atol=1e-4)


def test_a_view_that_supports_nothing_is_abstained_from_when_it_is_described(
    model: GraphRecognizer,
) -> None:
    x = person(40)
    x[20] = 0.0
    scores = served(model, x)
    silent = np.isnan(scores).all(axis=(1, 2))
    assert silent.nonzero()[0].tolist() == [*range(DELAY), 20 + DELAY]


def test_resetting_one_stream_leaves_the_others(model: GraphRecognizer) -> None:
    x = person(40, streams=2)
    served(model, x[:20])
    model.reset(1)
    after = served(model, x[20:])
    np.testing.assert_allclose(after[:, 0], offline(x)[20:, 0], atol=1e-4)
    np.testing.assert_allclose(after[:, 1], offline(x[20:])[:, 1], atol=1e-4)


def test_warming_up_leaves_no_trace(model: GraphRecognizer) -> None:
    model.reserve(3)
    model.warm_up()
    x = person(20, streams=3)
    np.testing.assert_allclose(served(model, x), offline(x), atol=1e-4)


def test_rows_without_a_tick_keep_their_history(model: GraphRecognizer) -> None:
    x = person(60, streams=3)
    model.reserve(3)
    due = [(t, [t % 2 == 0, True, t % 3 == 0]) for t in range(60)]
    given: list[list[F32]] = [[], [], []]
    positions = [0, 0, 0]
    for _, active in due:
        now = np.stack([x[positions[s], s] for s in range(3)])
        scores = model.step(now, np.array(active))
        for stream in range(3):
            assert active[stream] or np.isnan(scores[stream]).all()
            if active[stream]:
                given[stream].append(scores[stream])
                positions[stream] += 1
    for stream, scores_of in enumerate(given):
        alone = offline(x[: positions[stream], stream : stream + 1])
        np.testing.assert_allclose(np.stack(scores_of), alone[:, 0], atol=1e-4)


def test_streams_that_are_added_later_begin_without_a_past(model: GraphRecognizer) -> None:
    x = person(40, streams=12)
    served(model, x[:20, :1])
    model.reserve(12)
    after = served(model, x[20:])
    np.testing.assert_allclose(after[:, 0], offline(x[:, :1])[20:, 0], atol=1e-4)
    np.testing.assert_allclose(after[:, 1:], offline(x[20:, 1:]), atol=1e-4)


def test_two_recognisers_of_one_file_do_not_share_their_memory(path: Path) -> None:
    one, other = (GraphRecognizer(GraphConfig(model=str(path)), None, run_graph) for _ in range(2))
    x = person(20)
    served(other, person(20, seed=5))
    np.testing.assert_allclose(served(one, x), offline(x), atol=1e-4)


def test_it_declares_what_the_file_says(model: GraphRecognizer, path: Path) -> None:
    network = random_network()
    assert model.labels == LABELS
    assert model.rate_hz == 25.0
    assert model.receptive_field == network.config.receptive_field
    assert model.delay == DELAY
    assert model.operating_points["scratch_head"].onset == 0.3
    assert len(model.model_hash) == 16
    assert int(model.model_hash, 16) >= 0


def test_other_shapes_are_refused(model: GraphRecognizer) -> None:
    with pytest.raises(ModelError, match="expects joints"):
        model.step(np.zeros((1, 75, 3), np.float32))
    model.step(np.zeros((2, 75, 4), np.float32))
    with pytest.raises(ModelError, match="2 streams as before, got 1"):
        model.step(np.zeros((1, 75, 4), np.float32))


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e30])
def test_nonsense_in_a_tick_is_forgotten_with_the_receptive_field(
    model: GraphRecognizer, value: float
) -> None:
    x = person(model.receptive_field + 20)
    broken = x.copy()
    broken[5, 0, 40:60, :2] = value
    with np.errstate(all="ignore"):
        scores = served(model, broken)
    told = scores[~np.isnan(scores)]
    assert ((told >= 0) & (told <= 1)).all()
    model.reset()
    np.testing.assert_allclose(scores[-10:], served(model, x)[-10:], atol=1e-4)


def test_it_scores_only_what_it_was_trained_to_tell(tmp_path: Path) -> None:
    whole, part = tmp_path / "whole.onnx", tmp_path / "part.onnx"
    export_random(whole)
    export_random(part, covered=(4, 17, 99))
    models = [
        GraphRecognizer(GraphConfig(model=str(path)), None, run_graph) for path in (whole, part)
    ]
    assert [label.id for label in models[1].labels] == [4, 17, 99]
    columns = [models[0].labels.index(label) for label in models[1].labels]
    for x in person(20):
        both = [model.step(x) for model in models]
        np.testing.assert_array_equal(both[0][:, columns], both[1])
