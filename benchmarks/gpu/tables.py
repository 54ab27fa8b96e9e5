"""The figures of `gpu` as tables for people."""

from rich.console import Console
from rich.table import Table

from benchmarks.engines.tables import PERCENTILES, cells, make_table, targets_table
from benchmarks.gpu.options import STEPS, STREAMS
from benchmarks.report import Result

_RUNS = ("back_to_back", "hosted", "30 Hz", "60 Hz")


def show(result: Result, console: Console) -> None:
    """Print what was found, and what could not be run."""
    for name, parts in result["backends"].items():
        if STEPS in parts:
            console.print(_steps(name, parts[STEPS]))
        if "tick" in parts.get(STREAMS, {}):
            console.print(_streams(name, parts[STREAMS]))
    if result["targets"]:
        console.print(targets_table(result["targets"]))
    for gap in result["could_not_run"]:
        console.print(f"could not run: {gap['what']}: {gap['why']}", markup=False, soft_wrap=True)


def _steps(name: str, steps: Result) -> Table:
    table = make_table(f"{name}: one tick of all streams, ms", ("streams", "", *PERCENTILES))
    for streams, figures in steps.items():
        for run in [run for run in _RUNS if run in figures]:
            own = figures[run].get("took", figures[run])
            table.add_row(streams, run.replace("_", " "), *cells(own))
    return table


def _streams(name: str, streams: Result) -> Table:
    title = f"{name}: {streams['streams']} streams at {streams['rate_hz']:g} Hz, ms"
    table = make_table(title, ("", *PERCENTILES))
    table.add_row("tick of the recogniser", *cells(streams["tick"]["took"]))
    table.add_row("from due to done", *cells(streams["tick"]["due_to_done"]))
    table.add_row("of that the network", *cells(streams["network"]))
    return table
