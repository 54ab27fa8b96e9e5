import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from engine.config import ClassDecoderConfig, DecoderConfig
from engine.core.decode import EventDecoder
from engine.labels import BY_ID
from engine.poses import F32
from tests.training.toys import toy_shard
from training.fitting.calibrate import calibration_error, fitted, reliability
from training.fitting.calibration import Calibration
from training.fitting.decoding import decoded_events
from training.fitting.operating_points import Truth, matched, operating_points, timeline
from training.fitting.scores import Logits, aligned, log_probabilities, served_scores
from training.labels import (
    CLASS_COUNT,
    CLASS_NAMES,
    GROUP_COUNT,
    GROUP_OF,
    IGNORE,
    NONE_INDEX,
    class_index,
)
from training.simulator.scripts import seen_in_landmarks

PERIOD_NS = 40_000_000


def honest(count: int = 6000) -> tuple[Logits, npt.NDArray[np.int64]]:
    """Logits whose softmax is the true distribution of the labels."""
    rng = np.random.default_rng(0)
    classes = 2 * rng.standard_normal((count, CLASS_COUNT)).astype(np.float32)
    p = np.exp(classes) / np.exp(classes).sum(1, keepdims=True)
    labels = (p.cumsum(1) > rng.random((count, 1))).argmax(1)
    group = np.zeros((count, GROUP_COUNT), np.float32)
    return Logits(classes, group, np.zeros((count, 2), np.float32)), labels


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_what_was_done(factor: float) -> None:
    logits, labels = honest()
    louder = Logits(logits.classes * np.float32(factor), logits.group, logits.bounds)
    found = fitted(louder, labels)
    assert found.temperature == pytest.approx(factor, rel=0.05)
    assert found.before is not None
    assert found.after is not None
    assert found.after.nll <= found.before.nll
    if factor == 3.0:
        assert found.after.nll < found.before.nll - 0.1
        assert found.after.ece < found.before.ece / 3


def test_a_group_head_that_knows_is_used() -> None:
    logits, labels = honest()
    group_of = np.array(GROUP_OF)
    logits.group[np.arange(len(labels)), group_of[labels]] = 4.0
    assert fitted(logits, labels).group_weight > 0


def test_scores_are_probabilities_without_none() -> None:
    logits, _ = honest(10)
    scores = served_scores(logits, Calibration(temperature=2.0, group_weight=0.5))
    assert scores.shape == (10, NONE_INDEX)
    p = np.exp(log_probabilities(logits, Calibration(temperature=2.0, group_weight=0.5)))
    assert p.sum(1) == pytest.approx(np.ones(10), abs=1e-5)
    covered = [class_index(label) for label in seen_in_landmarks()]
    assert np.allclose(p[:, covered], scores[:, covered])
    assert not np.delete(scores, covered, axis=1).any()


def test_calibration_error_of_a_braggart() -> None:
    sure: F32 = np.full(100, 0.95, np.float32)
    right = np.arange(100) < 50
    assert calibration_error(sure, right) == pytest.approx(0.45, abs=1e-3)
    assert calibration_error(sure[:0], right[:0]) == 0.0


def test_reliability_of_the_truth_is_good() -> None:
    logits, labels = honest()
    figures = reliability(log_probabilities(logits, Calibration()), labels)
    assert figures.ece < 0.03
    assert figures.event_ece < 0.03


def engine_events(scores: F32, point: ClassDecoderConfig, merge_gap_s: float) -> list[list[int]]:
    general = DecoderConfig(merge_gap_s=merge_gap_s, max_duration_s=1e6)
    decoder = EventDecoder(general, (BY_ID[1],), "s", 25.0, {"turtle_neck": point})
    events = []
    for tick, score in enumerate(scores):
        events += decoder.step(tick * PERIOD_NS, 0, np.array([score], np.float32))
    events += decoder.flush("shutdown")
    ended = [event for event in events if event.state == "end"]
    return [[event.t_start_ns // PERIOD_NS, (event.t_end_ns or 0) // PERIOD_NS] for event in ended]


@pytest.mark.parametrize("seed", range(8))
def test_the_fast_decoder_finds_what_the_engine_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    noise = np.convolve(rng.standard_normal(800), np.ones(5) / 5, "same")
    scores = (1 / (1 + np.exp(-3 * noise))).astype(np.float32)
    point = ClassDecoderConfig(
        onset=float(rng.uniform(0.5, 0.9)), offset=0.35, min_duration_s=float(rng.uniform(0, 0.5))
    )
    merge_gap_s = float(rng.choice([0.0, 0.12, 0.3]))
    found = decoded_events(scores, point, merge_gap_s)
    assert found.tolist() == engine_events(scores, point, merge_gap_s)
    assert len(found)


def test_intervals_are_matched_one_to_one() -> None:
    true = np.array([[0, 10], [20, 30], [50, 60]], np.float32)
    found = np.array([[1, 5], [6, 10], [21, 33], [70, 80]])
    assert matched(found, true, 0.3) == 2
    assert matched(found, true, 0.65) == 1
    assert matched(found[:0], true, 0.3) == 0


def test_a_timeline_keeps_events_where_they_were() -> None:
    shards = [toy_shard(0), toy_shard(1)]
    shards[0].labels[0, :3] = IGNORE
    scores = []
    for shard in shards:
        values = np.zeros((*shard.labels.shape, NONE_INDEX), np.float32)
        values[..., 3] = 0.5 + 0.5 * (shard.labels == 3)
        scores.append(values)
    line, truth = timeline(scores, shards)
    inside = truth.interval[truth.class_index == 3].astype(int)
    assert len(inside) == 8
    assert all((line[start:end, 3] == 1).all() for start, end in inside)
    assert (line[:, 3] == 1).sum() == sum(end - start for start, end in inside)
    assert (line[:3] == 0).all()


def test_operating_points_fit_the_class() -> None:
    rng = np.random.default_rng(0)
    scores = rng.uniform(0, 0.05, (8000, NONE_INDEX)).astype(np.float32)
    classes, intervals = [], []
    for k in range(40):
        start = 200 * k + 20
        scores[start : start + 40, 16] = 0.3  # a shy class: never above 0.3
        classes.append(16)
        intervals.append((start, start + 40))
        scores[start + 60 : start + 100, 19] = 0.4 if k % 2 else 0.95  # every second one is false
        if not k % 2:
            classes.append(19)
            intervals.append((start + 60, start + 100))
    truth = Truth(np.array(classes, np.int8), np.array(intervals, np.float32))
    points = operating_points(scores, truth, DecoderConfig())
    assert set(points) == set(CLASS_NAMES[:NONE_INDEX])
    shy, doubtful = points[CLASS_NAMES[16]], points[CLASS_NAMES[19]]
    assert shy.onset is not None
    assert doubtful.onset is not None
    assert shy.onset <= 0.3
    assert 0.4 < doubtful.onset < 0.95
    msgspec.convert(msgspec.to_builtins(points), dict[str, ClassDecoderConfig])


def test_of_onsets_that_are_as_good_a_gesture_takes_the_middle_and_a_touch_the_lowest() -> None:
    fold, jaw = CLASS_NAMES.index("fold_arms"), CLASS_NAMES.index("touch_jaw")
    scores = np.zeros((4000, NONE_INDEX), np.float32)
    classes, intervals = [], []
    for k in range(20):
        start = 200 * k + 20
        for index, after in ((fold, 0), (jaw, 80)):
            scores[start + after : start + after + 40, index] = 0.95
            classes.append(index)
            intervals.append((start + after, start + after + 40))
    truth = Truth(np.array(classes, np.int8), np.array(intervals, np.float32))
    points = operating_points(scores, truth, DecoderConfig())
    assert points["fold_arms"].onset == 0.45  # in the middle of 0.1 to 0.9
    assert points["touch_jaw"].onset == 0.1
    assert points["touch_jaw"].min_duration_s == 0.12


def test_places_at_the_head_share_a_point_that_finds_touches_of_the_wrong_place_too() -> None:
    jaw, face, arms = (CLASS_NAMES.index(n) for n in ("touch_jaw", "touch_face", "fold_arms"))
    scores = np.zeros((4000, NONE_INDEX), np.float32)
    intervals = []
    for k in range(20):
        start = 200 * k + 20
        scores[start : start + 40, face if k % 2 else jaw] = 0.4  # half of them are misnamed
        intervals.append((start, start + 40))
    truth = Truth(np.full(20, jaw, np.int8), np.array(intervals, np.float32))
    points = operating_points(scores, truth, DecoderConfig())
    assert points["touch_jaw"] == points["touch_face"] == points["scratch_head"]
    assert points["touch_jaw"].onset is not None
    assert points["touch_jaw"].onset <= 0.4
    assert CLASS_NAMES[arms] in points


def test_outputs_are_moved_to_what_they_describe() -> None:
    values = np.arange(6, dtype=np.float32).reshape(1, 6, 1)
    assert aligned(values, 2)[0, :, 0].tolist() == [2, 3, 4, 5, 0, 0]
    assert aligned(values, 0) is values
