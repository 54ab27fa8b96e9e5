"""The figures of `pose` as tables for people."""

from collections.abc import Callable, Iterator

from rich.console import Console
from rich.table import Table

from benchmarks.engines.tables import make_table, targets_table
from benchmarks.pose.options import LANDMARKS, SPEED
from benchmarks.report import Result


def show(result: Result, console: Console) -> None:
    """Print tables of each part that was run, and what was asked of it."""
    for part, make in _TABLES.items():
        if part not in result:
            continue
        for table in make(result[part]):
            console.print(table)
        if result[part].get("targets"):
            console.print(targets_table(result[part]["targets"]))
    for name, seconds in result["took_s"].items():
        console.print(f"{name}: {seconds:.0f} s")


def _landmarks(told: Result) -> Iterator[Table]:
    columns = ("part", "frames", "median_px", "p95_px", "max_px")
    table = make_table("In the graph's own regions, worst landmark of a frame", columns)
    for part, figures in told["open_loop"].items():
        table.add_row(part, *(str(figures.get(name, "-")) for name in columns[1:]))
    yield table
    columns = ("median", "p95", "median_to_noise", "p95_to_noise", "points")
    table = make_table("Free running, distance to the graph in shoulder widths", ("", "", *columns))
    for name, groups in told["free_running"].items():
        for group, figures in groups.items():
            table.add_row(name, group, *(str(figures.get(column, "-")) for column in columns))
    yield table
    table = make_table("Frames in which they were found", ("", "part", "graph", "ours", "both"))
    for name, parts in told["found"].items():
        for part, counts in parts.items():
            table.add_row(name, part, *map(str, counts.values()))
    yield table


def _speed(told: Result) -> Iterator[Table]:
    columns = (
        *("fps", "× Holistic", "× graph", "cpu ms"),
        *("p50", "p99", "frames", "both hands p50", "p99", "frames"),
    )
    for cores, sets in told["cores"].items():
        for chosen, figures in sets.items():
            title = f"Speed on {cores} cores, {chosen}: {figures['clips']} clips"
            table = make_table(title, ("", *columns))
            for name, own in figures["stages"].items():
                table.add_row(name, *_speed_cells(own))
            yield table
    yield _networks(told["networks"])


def _speed_cells(own: Result) -> list[str]:
    frame, hands = own["frame_ms"], own["both_hands_ms"]
    numbers = (own["fps"], *own["ratio"].values(), own["cpu_ms"])
    return [
        *(f"{number:.2f}" for number in numbers),
        *(str(frame.get(name, "-")) for name in ("p50", "p99", "count")),
        *(str(hands.get(name, "-")) for name in ("p50", "p99", "count")),
    ]


def _networks(told: Result) -> Table:
    kinds = list(next(iter(told["ms"].values())))
    table = make_table("One network, one thread, ms: median (p99)", ("", *kinds))
    for name, own in told["ms"].items():
        table.add_row(name, *(f"{own[kind]['p50']:.2f} ({own[kind]['p99']:.2f})" for kind in kinds))
    return table


_TABLES: dict[str, Callable[[Result], Iterator[Table]]] = {LANDMARKS: _landmarks, SPEED: _speed}
