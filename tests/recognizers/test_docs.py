"""`docs/geometric.md` says what the code says."""

from pathlib import Path

from engine.labels import BY_SLUG
from plugins.recognizers.geometric.coverage import COVERED, NOT_COVERED

PAGE = Path(__file__).resolve().parents[2] / "docs" / "geometric.md"


def tables() -> str:
    covered = [
        "| id | class | name in iMiGUE | read from | how sure | confused with |",
        "|---|---|---|---|---|---|",
        *(
            f"| {BY_SLUG[row.slug].id} | `{row.slug}` | {BY_SLUG[row.slug].name} "
            f"| {row.evidence} | {row.sure} | {row.confuses} |"
            for row in COVERED
        ),
    ]
    missing = [
        "| id | class | name in iMiGUE | why not |",
        "|---|---|---|---|",
        *(
            f"| {BY_SLUG[row.slug].id} | `{row.slug}` | {BY_SLUG[row.slug].name} | {row.why} |"
            for row in NOT_COVERED
        ),
    ]
    return "\n".join([*covered, "", "## Not covered", "", *missing])


def test_the_page_holds_the_tables_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert tables() in text, f"put this into {PAGE}:\n\n{tables()}"


def test_every_class_is_covered_or_not_and_never_both() -> None:
    slugs = [row.slug for rows in (COVERED, NOT_COVERED) for row in rows]
    assert sorted(slugs) == sorted(BY_SLUG)
