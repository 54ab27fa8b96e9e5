"""The pages say what was measured."""

from pathlib import Path

import msgspec
import pytest

from tests.training.face_places.faces import FITTED
from training.face_places.report import classes_table, errors_table, kinds_table, places_table
from training.face_places.study import KINDS, Plan
from training.face_places.touches import CLASSES

DOCS = Path(__file__).resolve().parents[3] / "docs"
NUMBERS = msgspec.json.decode((DOCS / "measurements" / "face_places.json").read_bytes())


@pytest.mark.parametrize(
    ("page", "table"),
    [
        ("recognition.md", kinds_table(NUMBERS)),
        ("recognition.md", classes_table(NUMBERS)),
        ("pose.md", places_table(FITTED.shape)),
        ("pose.md", errors_table(FITTED)),
    ],
    ids=["kinds", "classes", "places", "errors"],
)
def test_the_pages_hold_the_tables_of_what_was_measured(page: str, table: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    assert f"\n\n{table}\n\n" in text, f"put this into {page}:\n\n{table}"


def test_the_measurement_is_of_this_plan() -> None:
    assert msgspec.convert(NUMBERS["plan"], Plan) == Plan()
    assert NUMBERS["classes"] == list(CLASSES)
    assert set(NUMBERS["kinds"]) == {kind.name for kind in KINDS}


def test_what_the_page_says_of_real_clips_is_what_was_measured() -> None:
    right = [
        sum(name in touch["meant"] for touch in NUMBERS["clips"] for name in touch[inputs])
        for inputs in ("today", "body", "outline")
    ]
    said = "answers {} are right as today, {} with the body's points, {} with the outline"
    text = (DOCS / "recognition.md").read_text(encoding="utf-8")
    assert said.format(*right) in " ".join(text.split())
