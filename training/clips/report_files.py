"""A report as files in the folder of its run: JSON, markdown and a picture."""

from collections.abc import Iterable, Sequence

import msgspec

from engine.errors import UsageError
from training.clips.report import CLASS_COLUMNS, ClipReport
from training.clips.results_table import COLUMNS_TOLD, cells
from training.clips.run_folder import ClipRunFolder
from training.evaluation.pictures import draw_confusion


def write_report(report: ClipReport, folder: ClipRunFolder, part: str, title: str) -> None:
    """Write `metrics.PART.json`, `metrics.PART.md` and `PART_confusion.png`.

    Args:
        report: The figures.
        folder: Of the run.
        part: `validation` or `test`.
        title: Heading of the tables and of the picture.

    Raises:
        UsageError: One cannot be written.
    """
    path = folder.metrics(part)
    encoded = msgspec.json.format(msgspec.json.encode({"title": title, **report.as_dict()}))
    try:
        path.write_bytes(encoded + b"\n")
        path.with_suffix(".md").write_text(_markdown(report, title), "utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    draw_confusion(report.confusion, folder.confusion(part), title, unit="clips", as_counts=True)


def _markdown(report: ClipReport, title: str) -> str:
    lines = [
        f"# {title}",
        "",
        f"{report.clips} clips of {report.people} people; intervals are 95 %, by drawing people "
        f"again. {report.caution}".rstrip(),
        "",
        *_table(COLUMNS_TOLD, map(cells, report.rows)),
        "",
        *_table(CLASS_COLUMNS, report.class_rows()),
    ]
    return "\n".join(lines) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return ["| " + " | ".join(own) + " |" for own in (head, ["---"] * len(head), *rows)]
