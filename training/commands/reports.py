"""Reports of events as files."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from training.evaluation.report import Report


def write_report(report: "Report", out: Path, split: str, title: str) -> None:
    """Write `metrics.SPLIT.json` and `metrics.SPLIT.md`.

    Args:
        report: The figures.
        out: Folder.
        split: Part of the names.
        title: Heading of the tables.
    """
    out.mkdir(parents=True, exist_ok=True)
    encoded = msgspec.json.format(msgspec.json.encode(report.as_dict()))
    (out / f"metrics.{split}.json").write_bytes(encoded + b"\n")
    (out / f"metrics.{split}.md").write_text(f"# {title}\n\n{report.markdown()}\n", "utf-8")
