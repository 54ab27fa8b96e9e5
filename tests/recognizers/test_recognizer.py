import numpy as np
import pytest

from engine.core.normalize import Normalizer
from engine.core.resample import Tick
from engine.errors import ModelError
from engine.labels import LABELS
from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from plugins.recognizers.geometric.coverage import COVERED, NOT_COVERED
from plugins.recognizers.geometric.recognizer import GeometricConfig, GeometricRecognizer
from plugins.recognizers.geometric.zones import ZONES
from tests.fakes.people import Person, person

BUSY = (
    person(seed=11)
    .touch("chin", from_s=1.0, to_s=2.0, scratch=0.1)
    .fold_arms(from_s=3.0, to_s=4.0)
    .clasp("interlock", from_s=5.0, to_s=6.0)
    .shrug(from_s=6.5, to_s=7.0)
    .cover_face(from_s=7.5, to_s=8.5)
)


def model() -> GeometricRecognizer:
    return GeometricRecognizer(GeometricConfig(), None)


def normalised(story: Person, duration_s: float) -> F32:
    """`(T, 1, 75, 4)`, as the engine gives it to the recogniser."""
    normalizer = Normalizer(HOLISTIC_75, 25.0)
    aspect = story.width_px / story.height_px
    flat = np.zeros(len(HOLISTIC_75), np.float32)
    return np.stack(
        [
            normalizer.step(Tick(0, joints, flat, aspect, bool(joints.any()), ""))[None]
            for joints in story.joints(duration_s)
        ]
    )


def scores(recognizer: GeometricRecognizer, x: F32) -> F32:
    return np.stack([recognizer.step(tick) for tick in x])


def test_every_class_is_covered_or_declared_not_covered() -> None:
    covered = [row.slug for row in COVERED]
    declared = [row.slug for row in NOT_COVERED]
    assert sorted(covered + declared) == sorted(label.slug for label in LABELS)
    assert all(row.why for row in NOT_COVERED)
    assert {zone.slug for zone in ZONES} <= set(covered)


def test_streams_do_not_know_of_one_another() -> None:
    first, second = normalised(BUSY, 4.0), normalised(person(seed=2), 4.0)
    alone = scores(model(), first), scores(model(), second)
    together = scores(model(), np.concatenate([first, second], axis=1))
    np.testing.assert_array_equal(together[:, :1], alone[0])
    np.testing.assert_array_equal(together[:, 1:], alone[1])


def test_one_stream_is_reset_without_the_other() -> None:
    x = normalised(BUSY, 2.0)
    two = np.concatenate([x, x], axis=1)
    recognizer = model()
    fresh = scores(recognizer, two)
    recognizer.reset(0)
    again = scores(recognizer, two)
    np.testing.assert_array_equal(again[:, 0], fresh[:, 0])
    assert not np.array_equal(again[:, 1], fresh[:, 1])


def test_a_score_does_not_depend_on_what_comes_later() -> None:
    x = normalised(BUSY, 9.0)
    whole = scores(model(), x)
    for stop in (40, 90, 160):
        np.testing.assert_array_equal(scores(model(), x[:stop]), whole[:stop])


def test_what_lies_before_the_receptive_field_is_forgotten() -> None:
    recognizer = GeometricRecognizer(GeometricConfig(rest_window_s=6.0, rest_ready_s=2.0), None)
    now = normalised(BUSY, 10.0)
    assert len(now) > recognizer.receptive_field
    alone = scores(recognizer, now)
    recognizer.reset()
    scores(recognizer, normalised(BUSY, 8.2) * np.array([1.3, 0.8, 1.0, 1.0], np.float32))
    after = scores(recognizer, now)
    field = recognizer.receptive_field
    np.testing.assert_allclose(after[field:], alone[field:], atol=1e-6)
    assert not np.allclose(after[:field], alone[:field], atol=1e-2)


def test_missing_joints_and_gaps_give_finite_scores() -> None:
    rng = np.random.default_rng(5)
    x = normalised(BUSY, 9.0)
    x[rng.random(x.shape[:3]) < 0.3] = 0.0
    x[100:110] = 0.0
    x[150:, :, :, :2] = 0.0
    found = scores(model(), x)
    assert np.isfinite(found).all()
    assert found.min() >= 0.0
    assert found.max() <= 1.0


def test_a_wrong_shape_or_another_number_of_streams_is_refused() -> None:
    recognizer = model()
    with pytest.raises(ModelError, match=r"expects joints \(S, 75, 4\), got \(1, 75, 3\)"):
        recognizer.step(np.zeros((1, 75, 3), np.float32))
    with pytest.raises(ModelError, match=r"got \(1, 22, 4\)"):
        recognizer.step(np.zeros((1, 22, 4), np.float32))
    recognizer.step(np.zeros((2, 75, 4), np.float32))
    with pytest.raises(ModelError, match="expected 2 streams as before, got 1"):
        recognizer.step(np.zeros((1, 75, 4), np.float32))


def test_depth_changes_nothing() -> None:
    flat = normalised(BUSY, 4.0)
    deep = flat.copy()
    deep[..., 3] = np.random.default_rng(1).normal(size=deep.shape[:-1])
    np.testing.assert_array_equal(scores(model(), deep), scores(model(), flat))


def test_the_hash_tells_other_rules_apart() -> None:
    assert model().model_hash == model().model_hash
    other = GeometricRecognizer(GeometricConfig(rest_window_s=20.0), None)
    assert other.model_hash != model().model_hash
