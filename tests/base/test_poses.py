from pathlib import Path

from engine.poses import REASONS

FEED = Path(__file__).resolve().parents[2] / "docs" / "feed.md"


def test_every_reason_is_explained_to_subscribers() -> None:
    text = FEED.read_text(encoding="utf-8")
    assert [reason for reason in REASONS if f"| `{reason}` |" not in text] == []
