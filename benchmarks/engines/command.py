"""Options of `python -m benchmarks engines`, and what it shows at the end."""

import argparse
from pathlib import Path

from benchmarks.engines.engines import PARTS, EngineOptions, engines
from benchmarks.engines.plot import draw_cost
from benchmarks.engines.tables import show, wide_console
from benchmarks.report import Result, machine

_BUILD = Path("build", "benchmarks")


def add_engines(parser: argparse.ArgumentParser) -> None:
    """Add the options; the defaults take about eight minutes."""
    given = EngineOptions()
    add = parser.add_argument
    add("--parts", nargs="+", choices=PARTS, default=given.parts, help="default all")
    add("--run", dest="folder", type=Path, help="a training run; default random weights")
    add("--sizes", nargs="+", type=int, default=given.sizes, help="numbers of streams")
    add("--steps", type=int, default=given.steps, help="ticks of each contender and size")
    add("--seconds", type=float, default=given.seconds, help="the slower ones get fewer ticks")
    add("--paced", type=int, default=given.paced, help="ticks at each pace")
    add("--step-deadline-ms", type=float, default=given.step_deadline_ms)
    add("--frames", type=int, default=given.frames, help="of each path, pace and round")
    add("--rounds", type=int, default=given.rounds, help="of frames")
    add("--video", type=Path, help="default a moving portrait")
    add("--deadline-ms", type=float, default=given.deadline_ms, help="for a frame")
    add("--plot", type=Path, default=_BUILD / "engine_cost.png", metavar="FILE")
    parser.set_defaults(
        json=_BUILD / "engines.json", run=lambda a: engines(options_of(a)), show=_show
    )


def options_of(arguments: argparse.Namespace) -> EngineOptions:
    """What the command line asks for."""
    return EngineOptions(
        parts=arguments.parts,
        run=arguments.folder,
        sizes=arguments.sizes,
        steps=arguments.steps,
        seconds=arguments.seconds,
        paced=arguments.paced,
        step_deadline_ms=arguments.step_deadline_ms,
        frames=arguments.frames,
        rounds=arguments.rounds,
        video=arguments.video,
        deadline_ms=arguments.deadline_ms,
    )


def _show(arguments: argparse.Namespace, result: Result) -> None:
    console = wide_console()
    show(result, console)
    if "steps" in result:
        about = machine()
        draw_cost(result["steps"], arguments.plot, f"{about['cpu']}, commit {about['commit']}")
        console.print(f"plot: {arguments.plot}", markup=False)
    console.print(f"figures: {arguments.json}", markup=False)
