"""The figures of `pose` as tables for people."""

from collections.abc import Callable, Iterator

from rich.console import Console
from rich.table import Table

from benchmarks.engines.tables import make_table, targets_table
from benchmarks.pose.options import CASES, ENDLESS, EVENTS, LANDMARKS, SPEED, STILL
from benchmarks.pose.spans import DECODE
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
    yield _parts(told["parts_ms"])
    if told["side_by_side"]:
        yield _side_by_side(told["side_by_side"])


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


def _parts(told: Result) -> Table:
    table = make_table("Where the milliseconds of a frame go, one thread", ("", *told))
    for part in dict.fromkeys(part for own in told.values() for part in own):
        table.add_row(part, *(f"{own.get(part, 0.0):.2f}" for own in told.values()))
    total = (sum(ms for part, ms in own.items() if part != DECODE) for own in told.values())
    table.add_row("all but decoding", *(f"{ms:.2f}" for ms in total))
    return table


def _side_by_side(told: Result) -> Table:
    table = make_table("Two stages at once that share nothing", ("", "× Holistic", "rounds"))
    for name, own in told.items():
        table.add_row(name, f"{own['ratio']:.2f}", ", ".join(f"{one:.2f}" for one in own["times"]))
    return table


def _still(told: Result) -> Iterator[Table]:
    table = make_table(
        "Jitter of still parts, median, shoulder widths", ("part", "", "windows", "smooth", "raw")
    )
    for part, figures in told["parts"].items():
        for name, own in figures["stages"].items():
            medians = (str(own[kind].get("median", "-")) for kind in ("smooth", "raw"))
            table.add_row(part, name, str(figures["windows"]), *medians)
        table.add_section()
    yield table


def _events(told: Result) -> Iterator[Table]:
    stages = told["stages"]
    title = f"Events of the recogniser {told['recogniser']} on {told['clips']} annotated clips"
    table = make_table(title, ("", *stages))
    for figure in next(iter(stages.values())):
        table.add_row(figure, *(_cell(own[figure]) for own in stages.values()))
    yield table
    noisy = told["with_noise"]
    if noisy:
        title = "The same with a grey level of noise: mean (least to most) of the runs"
        table = make_table(title, ("", *noisy))
        for figure in next(iter(noisy.values())):
            table.add_row(figure, *(_spread_cell(own.get(figure)) for own in noisy.values()))
        yield table


def _spread_cell(spread: Result | None) -> str:
    return f"{spread['mean']:g} ({spread['least']:g} to {spread['most']:g})" if spread else "-"


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def _cases(told: Result) -> Iterator[Table]:
    table = make_table("Seconds", ("", "stage", "tracked", "lost", "ghosts", "longest ghost", "in"))
    for case, clips in told["cases"].items():
        for stage in next(iter(clips.values())):
            table.add_row(case, stage, *_case_cells(clips, stage))
        table.add_section()
    yield table


def _case_cells(clips: Result, stage: str) -> list[str]:
    sums = (sum(own[stage][key] for own in clips.values()) for key in _SECONDS)
    worst = max(clips, key=lambda clip: float(clips[clip][stage]["longest_ghost_s"]))
    longest_s = clips[worst][stage]["longest_ghost_s"]
    return [*(f"{s:.1f}" for s in sums), f"{longest_s:.2f}", worst if longest_s else "-"]


def _endless(told: Result) -> Iterator[Table]:
    table = make_table("One process, on and on", ("frames", "memory, MB", "threads"))
    for reading in told["readings"]:
        table.add_row(f"{reading['frames']:,}", *map(str, list(reading.values())[1:]))
    yield table


_SECONDS = ("tracked_s", "lost_s", "ghost_s")
_TABLES: dict[str, Callable[[Result], Iterator[Table]]] = {
    LANDMARKS: _landmarks,
    STILL: _still,
    EVENTS: _events,
    CASES: _cases,
    SPEED: _speed,
    ENDLESS: _endless,
}
