"""The figures of `engines` as tables for people."""

from rich.console import Console
from rich.table import Table

from benchmarks.engines.frame_path import WHOLE
from benchmarks.report import Result
from engine.serving.choice import PROCESSOR

PERCENTILES = ("count", "p50", "p95", "p99", "p99.9", "max")
_COLUMNS = 132
_WORDS = ("", "pace", "stage", "missed")


def wide_console() -> Console:
    """Standard output is the JSON, so this is the other one; as wide as the tables need."""
    console = Console(stderr=True)
    console.width = max(console.width, _COLUMNS)
    return console


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
        "targets": lambda whole: targets_table(whole["targets"]),
        "paced": _paced,
        "frames": _frames,
    }
    return [make(result) for part, make in parts.items() if result.get(part)]


def _steps(result: Result) -> Table:
    table = make_table(
        "One tick of all streams, ms, one core", ("streams", "", *PERCENTILES, "p50 each", "times")
    )
    for streams, contenders in result["steps"].items():
        for name, figures in contenders.items():
            ratio = result["ratios"][streams].get(f"{name} to {PROCESSOR}", {}).get("wall")
            cost = figures["per_stream"]["p50"]
            table.add_row(streams, name, *cells(figures), f"{cost:.4f}", _ratio(ratio))
        table.add_section()
    return table


def targets_table(targets: list[Result]) -> Table:
    """What was asked for, and whether it came out."""
    table = make_table("Asked for", ("", "asked", "got", "met"))
    for target in targets:
        met = "yes" if target["met"] else "NO"
        table.add_row(target["what"], target["asked"], f"{target['got']:g}", met)
    return table


def _paced(result: Result) -> Table:
    table = make_table("A step of one stream at a pace, ms", ("pace", "", *PERCENTILES, "missed"))
    for pace, figures in result["paced"].items():
        missed = figures["missed"]
        table.add_row(pace, "step", *cells(figures["took"]), "")
        late = f"{missed['ratio']:.3%} of {missed['deadline_ms']:g} ms"
        table.add_row(pace, "due to done", *cells(figures["due_to_done"]), late)
    return table


def _frames(result: Result) -> Table:
    frames = result["frames"]
    title = f"A whole frame, ms ({frames['shown']}, {frames['cores']} cores)"
    table = make_table(title, ("pace", "", "stage", *PERCENTILES, "missed"))
    for pace, paths in frames["paces"].items():
        for name, figures in paths.items():
            missed = figures["missed"]
            late = f"{missed['ratio']:.1%} of {figures['frames']} in {missed['deadline_ms']:g} ms"
            for stage, own in figures["stages"].items():
                table.add_row(pace, name, stage, *cells(own), late if stage == WHOLE else "")
        table.add_section()
    return table


def make_table(title: str, columns: tuple[str, ...]) -> Table:
    """An empty one; figures stand to the right."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, justify="left" if column in _WORDS else "right", no_wrap=True)
    return table


def cells(figures: Result) -> list[str]:
    """Percentiles in the order of `PERCENTILES`."""
    return [_told(figures.get(name)) for name in PERCENTILES]


def _ratio(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.1f}"


def _told(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"
