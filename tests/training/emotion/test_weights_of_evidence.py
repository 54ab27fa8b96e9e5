"""Weights of evidence: what was put in is found, no more than there is evidence for."""

from dataclasses import replace

import numpy as np
import pytest

from tests.training.emotion.videos import HEAD_UP, JAW, NECK, video, videos
from training.emotion.comparison import figures
from training.emotion.gesture_sequence import GestureSequence
from training.emotion.platt import fit_platt
from training.emotion.rates import rates
from training.emotion.weights_of_evidence import fit, folds


def test_a_class_that_comes_twice_as_often_in_won_videos_gets_its_log_ratio() -> None:
    model = fit(videos(120, 2.0))
    # 1,200 events: a standard error of 0.06 before shrinkage.
    assert model.weights[NECK] == pytest.approx(np.log(2.0), abs=0.15)
    assert abs(model.weights[JAW]) < 0.15
    assert abs(model.weights[NECK] - np.log(2.0)) < 3.0 * model.errors[NECK] + 0.05
    assert model.errors[JAW] < model.errors[HEAD_UP]


def test_where_nothing_differs_weights_are_shrunk_to_nothing() -> None:
    flat, told = fit(videos(60, 1.0)), fit(videos(60, 3.0))
    assert np.abs(flat.weights).max() < 0.15
    assert flat.width < told.width
    assert flat.calibration.slope * np.ptp(flat.evidence(videos(60, 1.0, 1))) < 1.5


def test_probabilities_of_other_videos_are_about_as_often_right_as_they_say() -> None:
    model, other = fit(videos(200, 1.6)), videos(400, 1.6, 7)
    p = model.p_positive(other)
    won = np.array([one.positive for one in other])
    assert p.min() < 0.2
    assert p.max() > 0.8
    parts = np.digitize(p, np.linspace(0.0, 1.0, 6)[1:-1])
    off = [abs(won[parts == k].mean() - p[parts == k].mean()) for k in range(5)]
    assert np.average(off, weights=np.bincount(parts, minlength=5)) < 0.1


def test_calibration_takes_back_what_people_who_differ_seem_to_say() -> None:
    train, other = _wild(videos(120, 1.3)), _wild(videos(200, 1.3, 7))
    model = fit(train)
    raw = 1.0 / (1.0 + np.exp(-model.evidence(other)))
    calibrated, uncalibrated = (
        figures(other, p).log_loss.value for p in (model.p_positive(other), raw)
    )
    assert calibrated is not None
    assert uncalibrated is not None
    assert calibrated < uncalibrated - 0.02


def test_calibration_is_learned_from_people_to_whom_no_weight_was_fitted() -> None:
    """Everybody in two videos that are alike: who knows the one seems to know the other."""
    once = videos(16, 1.0, 3)
    twins = [replace(one, name=f"{one.name} again", subject=one.subject) for one in once]
    both = [*once, *twins]
    model, positive = fit(both), np.array([one.positive for one in both])
    evidence = model.evidence(both)
    deceived = fit_platt(evidence, positive)
    assert deceived.slope * evidence.std() > 0.5
    assert model.calibration.slope * evidence.std() < 0.1


def test_classes_that_were_seen_are_told_the_strongest_first() -> None:
    told = fit(videos(60, 3.0)).by_size()
    assert told[0] == NECK
    assert set(told) == {NECK, JAW, HEAD_UP}


def test_people_who_differ_widen_the_errors() -> None:
    calm = videos(80, 2.0)
    wild = _wild(calm)
    assert rates(calm).dispersion < 1.5 < rates(wild).dispersion
    one, other = fit(calm), fit(wild)
    assert other.errors[NECK] > one.errors[NECK]


def _lively_or_calm(mixed: bool) -> list[GestureSequence]:
    """Six videos each of twenty people, every other of whom fidgets four times as much.

    Args:
        mixed: Whether half of each one's videos are positive; else all or none are.
    """
    made = []
    for who in range(20):
        rate = 4.0 if who % 2 else 1.0
        for n in range(6):
            positive = n % 2 == 0 if mixed else who % 4 < 2
            rates_per_min = {JAW: rate, NECK: rate}
            made.append(video(f"{who}-{n}", positive, rates_per_min, 6 * who + n, f"{who}"))
    return made


def test_how_lively_a_person_is_cancels_out_only_over_videos_of_both_outcomes() -> None:
    for mixed, expected in ((True, 1.0), (False, 6.0 * 5.0)):
        people = _lively_or_calm(mixed)
        alone = [replace(one, subject=one.name) for one in people]
        assert rates(alone).dispersion == pytest.approx(5.0, rel=0.3)
        assert rates(people).dispersion == pytest.approx(expected, rel=0.3)


def test_nobody_is_in_two_folds_and_everybody_in_one() -> None:
    subjects = ["a", "b", "a", "c", "d", "b", "e"]
    parts = folds(subjects, 3, 0)
    assert np.sum(parts, axis=0).tolist() == [1] * len(subjects)
    for part in parts:
        inside = {who for who, there in zip(subjects, part, strict=True) if there}
        outside = {who for who, there in zip(subjects, part, strict=True) if not there}
        assert not inside & outside


def test_videos_of_one_outcome_are_refused() -> None:
    won = [one for one in videos(8, 2.0) if one.positive]
    with pytest.raises(ValueError, match="positive and negative"):
        fit(won)


def test_absence_speaks_too() -> None:
    model = fit(videos(120, 3.0))
    silent = replace(
        videos(1, 1.0)[0],
        classes=np.zeros(0, np.int64),
        start_s=np.zeros(0, np.float32),
        end_s=np.zeros(0, np.float32),
        scores=np.zeros(0, np.float32),
    )
    expected = -2.0 * np.sinh(model.weights / 2.0) @ model.rates.per_s * silent.seen_s
    assert model.evidence([silent])[0] == pytest.approx(expected)
    assert expected < -1.0


def test_time_out_of_view_is_no_absence() -> None:
    """Necks are touched as often in all videos, but in lost ones half of it could not be seen."""
    calm = videos(120, 1.0)
    partly = [one if one.positive else _without(one, NECK, one.seen_s / 2) for one in calm]
    deceived = [replace(one, hidden_s={}) for one in partly]
    assert fit(deceived).weights[NECK] == pytest.approx(np.log(2.0), abs=0.15)
    assert abs(fit(partly).weights[NECK]) < 0.15
    assert rates(partly).per_s[NECK] == pytest.approx(2.0 / 60.0, rel=0.1)
    assert rates(partly).dispersion < 1.2


def test_absence_of_what_cannot_be_seen_says_nothing() -> None:
    model = fit(videos(120, 3.0))
    silent = _without(videos(2, 1.0)[0], JAW, 0.0)
    silent = _without(silent, NECK, silent.seen_s)
    others = model.weights.copy()
    others[NECK] = 0.0
    counts = np.bincount(silent.classes, minlength=len(others))
    expected = counts @ others - 2.0 * np.sinh(others / 2.0) @ model.rates.per_s * silent.seen_s
    assert model.evidence([silent])[0] == pytest.approx(expected)


def test_a_class_that_only_won_videos_could_show_gets_no_weight() -> None:
    shown = [one if one.positive else _without(one, NECK, one.seen_s) for one in videos(40, 2.0)]
    model = fit(shown)
    assert model.weights[NECK] == 0.0
    assert model.errors[NECK] == pytest.approx(model.width)


def test_more_time_out_of_view_than_there_was_is_refused() -> None:
    with pytest.raises(ValueError, match="hidden"):
        replace(videos(2, 1.0)[0], hidden_s={NECK: 301.0})


def _without(one: GestureSequence, k: int, hidden_s: float) -> GestureSequence:
    """Class `k` is out of view until `hidden_s`; all of it goes if that is 0."""
    keep = (one.classes != k) | (one.start_s >= (hidden_s or np.inf))
    return replace(
        one,
        classes=one.classes[keep],
        start_s=one.start_s[keep],
        end_s=one.end_s[keep],
        scores=one.scores[keep],
        hidden_s={**one.hidden_s, k: hidden_s},
    )


def _wild(calm: list[GestureSequence]) -> list[GestureSequence]:
    """Every fourth person of each outcome fidgets four times as much."""
    return [_repeated(one, 4) if n % 8 < 2 else one for n, one in enumerate(calm)]


def _repeated(one: GestureSequence, times: int) -> GestureSequence:
    return replace(
        one,
        classes=np.repeat(one.classes, times),
        start_s=np.repeat(one.start_s, times),
        end_s=np.repeat(one.end_s, times),
        scores=np.repeat(one.scores, times),
    )
