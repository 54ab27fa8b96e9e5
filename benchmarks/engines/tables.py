"""The figures of `engines` as tables for people."""

from rich.console import Console
from rich.table import Table

from benchmarks.engines.frame_path import WHOLE
from benchmarks.report import Result
from engine.serving.choice import PROCESSOR

_PERCENTILES = ("count", "p50", "p95", "p99", "p99.9", "max")
_WORDS = ("", "pace", "stage", "missed")


def show(result: Result, console: Console) -> None:
    """Print a table for each part that was run."""
    for table in tables(result):
        console.print(table)
    for name, reason in result.get("left_out", {}).items():
        console.print(f"left out: {name}: {reason}", markup=False)


def tables(result: Result) -> list[Table]:
    """One for each part that was run."""
    parts = {
        "steps": _steps,
        "targets": _targets,
        "paced": _paced,
        "frames": _frames,
    }
    return [make(result) for part, make in parts.items() if result.get(part)]


def _steps(result: Result) -> Table:
    table = _table(
        "One tick of all streams, ms, one core", ("streams", "", *_PERCENTILES, "p50 each", "times")
    )
    for streams, contenders in result["steps"].items():
        for name, figures in contenders.items():
            ratio = result["ratios"][streams].get(f"{name} to {PROCESSOR}", {}).get("wall")
            cost = figures["per_stream"]["p50"]
            table.add_row(streams, name, *_cells(figures), f"{cost:.4f}", _ratio(ratio))
        table.add_section()
    return table


def _targets(result: Result) -> Table:
    table = _table("Asked for", ("", "asked", "got", "met"))
    for target in result["targets"]:
        met = "yes" if target["met"] else "NO"
        table.add_row(target["what"], target["asked"], f"{target['got']:g}", met)
    return table


def _paced(result: Result) -> Table:
    table = _table("A step of one stream at a pace, ms", ("pace", "", *_PERCENTILES, "missed"))
    for pace, figures in result["paced"].items():
        missed = figures["missed"]
        table.add_row(pace, "step", *_cells(figures["took"]), "")
        late = f"{missed['ratio']:.3%} of {missed['deadline_ms']:g} ms"
        table.add_row(pace, "due to done", *_cells(figures["due_to_done"]), late)
    return table


def _frames(result: Result) -> Table:
    frames = result["frames"]
    title = f"A whole frame, ms ({frames['shown']}, {frames['cores']} cores)"
    table = _table(title, ("pace", "", "stage", *_PERCENTILES, "missed"))
    for pace, paths in frames["paces"].items():
        for name, figures in paths.items():
            missed = figures["missed"]
            late = f"{missed['ratio']:.1%} of {figures['frames']} in {missed['deadline_ms']:g} ms"
            for stage, own in figures["stages"].items():
                table.add_row(pace, name, stage, *_cells(own), late if stage == WHOLE else "")
        table.add_section()
    return table


def _table(title: str, columns: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, justify="left" if column in _WORDS else "right", no_wrap=True)
    return table


def _cells(figures: Result) -> list[str]:
    return [_told(figures.get(name)) for name in _PERCENTILES]


def _ratio(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.1f}"


def _told(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"
