import math
from pathlib import Path

import pytest

from calibration.person.rates import PRIOR_PER_MIN
from engine.core.evidence import (
    LIMITS,
    LOG_ODDS,
    MAX_LOG_ODDS,
    SHRINKAGE_COUNT,
    SOURCES,
    TABLE,
    Reading,
    Strength,
)
from engine.labels import BY_SLUG, LABELS

DOC = Path(__file__).parents[2] / "docs" / "emotion.md"
# Footage over videos of iMiGUE.
MEAN_VIDEO_MIN = 2092 / 359


def markdown_table() -> str:
    """The table as `docs/emotion.md` prints it."""
    head = [
        "| id | class | raw | in use | reading | reason is | sources |",
        "|---:|---|---:|---:|---|---|---|",
    ]
    rows = [
        f"| {BY_SLUG[row.slug].id} | `{row.slug}` | {row.raw_log_odds:+.2f} | "
        f"{row.log_odds:+.3f} | {row.reading} | {row.strength.value} | "
        f"{', '.join(row.sources) or '–'} |"
        for row in TABLE
    ]
    return "\n".join(head + rows)


def implied_accuracy() -> float:
    """Share of videos of mean length told apart if every weight and every event were right."""
    expected = {slug: PRIOR_PER_MIN * BY_SLUG[slug].share * MEAN_VIDEO_MIN for slug in LOG_ODDS}
    separation = math.sqrt(sum(expected[slug] * w * w for slug, w in LOG_ODDS.items()))
    return 0.5 * (1.0 + math.erf(separation / 2.0 / math.sqrt(2.0)))


def test_every_class_has_exactly_one_row_in_the_order_of_the_labels() -> None:
    assert [row.slug for row in TABLE] == [label.slug for label in LABELS]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.slug)
def test_a_row_is_within_what_its_source_carries(row: Reading) -> None:
    assert abs(row.raw_log_odds) <= LIMITS[row.strength] <= MAX_LOG_ODDS
    assert row.reading
    assert set(row.sources) <= set(SOURCES)
    has_reason = row.strength is not Strength.NONE
    assert (row.raw_log_odds != 0.0) == has_reason == bool(row.sources)


def test_every_source_is_used() -> None:
    assert {source for row in TABLE for source in row.sources} == set(SOURCES)


def test_shrinkage_halves_a_class_with_as_many_clips_as_the_prior_is_worth() -> None:
    assert SHRINKAGE_COUNT == 64
    for row in TABLE:
        count = BY_SLUG[row.slug].train_count
        assert row.log_odds == pytest.approx(row.raw_log_odds * count / (count + 64))
    assert abs(LOG_ODDS["bite_nails"]) < 0.05 * 0.3


def test_the_table_claims_no_more_than_publications_reach() -> None:
    assert 0.55 < implied_accuracy() < 0.65


def test_a_population_that_behaves_as_usual_gives_no_verdict() -> None:
    # Steady state: one memory of 60 s holds what a minute brings. The default rule commits
    # when S/(S + 0.5)·sigmoid(S) reaches 0.5.
    per_minute = sum(PRIOR_PER_MIN * BY_SLUG[slug].share * w for slug, w in LOG_ODDS.items())
    strength = abs(per_minute)
    assert strength / (strength + 0.5) / (1.0 + math.exp(-strength)) < 0.5


def test_the_documentation_prints_the_table_in_use() -> None:
    assert markdown_table() in DOC.read_text(encoding="utf-8"), f"expected:\n{markdown_table()}"


def test_the_documentation_lists_every_source_and_the_implied_accuracy() -> None:
    text = " ".join(DOC.read_text(encoding="utf-8").split())
    for source, citation in SOURCES.items():
        assert f"**{source}**: {citation}" in text
    assert f"{implied_accuracy():.0%}".replace("%", " %") in text
