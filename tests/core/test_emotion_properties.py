import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import EmotionConfig
from engine.core.emotion import EmotionAggregator
from engine.labels import LABELS
from engine.messages import EmotionEstimate
from tests.fakes.emotion import gesture, person

rates = st.dictionaries(
    st.sampled_from([label.slug for label in LABELS]), st.floats(0.0, 1000.0), max_size=32
)
happenings = st.lists(
    st.tuples(
        st.integers(0, 60_000),
        st.booleans(),
        st.sampled_from([label.slug for label in LABELS]),
        st.sampled_from(["start", "update", "end"]),
        st.floats(0.0, 1.0),
    ),
    max_size=40,
)
views = st.lists(
    st.tuples(
        st.integers(0, 60_000),
        st.booleans(),
        st.sets(st.sampled_from([label.slug for label in LABELS]), max_size=4),
    ),
    max_size=40,
)


@given(
    rates=st.none() | rates,
    steps=happenings,
    memory_s=st.floats(1e-6, 1e9),
    unknown_strength=st.floats(1e-6, 1e9),
    prior=st.floats(0.001, 0.999),
    decide_above=st.floats(0.0, 1.0),
)
def test_every_estimate_is_a_distribution_that_its_evidence_explains(
    rates: dict[str, float] | None,
    steps: list[tuple[int, bool, str, str, float]],
    memory_s: float,
    unknown_strength: float,
    prior: float,
    decide_above: float,
) -> None:
    config = EmotionConfig(
        memory_s=memory_s,
        unknown_strength=unknown_strength,
        prior_positive=prior,
        decide_above=decide_above,
    )
    aggregator = EmotionAggregator(config, None if rates is None else person(**rates))
    t_ns = 0
    for wait_ms, valid, slug, state, score in steps:
        t_ns += wait_ms * 1_000_000
        event = gesture(slug, slug, state, t_ns / 1e9, score)
        estimate = aggregator.step(t_ns, valid, "" if valid else "no_person", [event])
        if estimate is not None:
            _check(estimate, math.log(prior / (1 - prior)), decide_above)


def _check(estimate: EmotionEstimate, prior: float, decide_above: float) -> None:
    parts = estimate.p_positive, estimate.p_negative, estimate.p_unknown
    assert all(0.0 <= part <= 1.0 for part in parts)
    assert sum(parts) == pytest.approx(1.0, abs=1e-12)
    assert 0.0 <= estimate.coverage <= 1.0
    listed = [item.log_odds for item in estimate.evidence]
    assert estimate.log_odds == pytest.approx(prior + sum(listed))
    assert listed == sorted(listed, key=abs, reverse=True)
    assert all(
        item.log_odds == pytest.approx(item.weight * (item.observed - item.expected))
        for item in estimate.evidence
    )
    assert (estimate.verdict == "unknown") == (estimate.reason != "")
    if estimate.verdict != "unknown":
        assert max(estimate.p_positive, estimate.p_negative) >= decide_above
        assert estimate.valid


@given(happenings, st.floats(1.0, 100.0))
def test_the_same_ticks_give_the_same_estimates(
    steps: list[tuple[int, bool, str, str, float]], memory_s: float
) -> None:
    runs = []
    for _ in range(2):
        aggregator = EmotionAggregator(EmotionConfig(memory_s=memory_s), None)
        t_ns, given_out = 0, []
        for wait_ms, valid, slug, state, score in steps:
            t_ns += wait_ms * 1_000_000
            event = gesture(slug, slug, state, t_ns / 1e9, score)
            given_out.append(aggregator.step(t_ns, valid, "x" * (not valid), [event]))
        runs.append(given_out)
    assert runs[0] == runs[1]


def _watched(
    rates: dict[str, float], steps: list[tuple[int, bool, set[str]]], memory_s: float
) -> list[EmotionEstimate]:
    """Estimates of somebody who does nothing, while classes go out of view and come back."""
    aggregator = EmotionAggregator(EmotionConfig(memory_s=memory_s), person(**rates))
    t_ns, estimates = 0, []
    for wait_ms, valid, abstained in steps:
        t_ns += wait_ms * 1_000_000
        estimate = aggregator.step(t_ns, valid, "" if valid else "no_person", (), abstained)
        if estimate is not None:
            estimates.append(estimate)
    return estimates


def _expected(estimate: EmotionEstimate) -> dict[str, float]:
    return {item.label: item.expected for item in estimate.evidence}


@given(rates, views, st.floats(1e-6, 1e9))
def test_out_of_view_less_is_expected_never_more_and_never_less_than_nothing(
    rates: dict[str, float], steps: list[tuple[int, bool, set[str]]], memory_s: float
) -> None:
    in_view = [(wait_ms, valid, set[str]()) for wait_ms, valid, _ in steps]
    hidden, whole = (_watched(rates, each, memory_s) for each in (steps, in_view))
    ever_hidden = {slug for _, _, abstained in steps for slug in abstained}
    for some, every in zip(hidden, whole, strict=True):
        assert some.coverage == every.coverage
        fewer, all_of_it = _expected(some), _expected(every)
        assert all(0.0 <= count <= all_of_it[slug] for slug, count in fewer.items())
        for slug in set(all_of_it) - ever_hidden:
            assert fewer[slug] == all_of_it[slug]


@given(rates, views, st.floats(1e-6, 1e9), st.sampled_from([label.slug for label in LABELS]))
def test_a_class_always_out_of_view_is_as_one_without_a_rate(
    rates: dict[str, float],
    steps: list[tuple[int, bool, set[str]]],
    memory_s: float,
    slug: str,
) -> None:
    blind = [(wait_ms, valid, abstained | {slug}) for wait_ms, valid, abstained in steps]
    unrated = {other: rate for other, rate in rates.items() if other != slug}
    assert _watched(rates, blind, memory_s) == _watched(unrated, blind, memory_s)
