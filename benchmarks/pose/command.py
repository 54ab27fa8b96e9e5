"""Options of `python -m benchmarks pose`, and what it shows at the end."""

import argparse
import sys
from pathlib import Path

from benchmarks.engines.tables import wide_console
from benchmarks.pose.options import ENDLESS, PARTS, QUALITY, PoseOptions
from benchmarks.pose.pose import pose
from benchmarks.pose.tables import show
from benchmarks.report import Result


def add_pose(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    given = PoseOptions(clips=Path())
    add = parser.add_argument
    add("--clips", type=Path, required=True, metavar="DIR", help="holds video/")
    add("--only", nargs="+", default=given.only, metavar="NAME", help="clips called like that")
    add(
        "--parts",
        nargs="+",
        choices=PARTS,
        default=given.parts,
        help=f"default {', '.join(QUALITY)}",
    )
    add(
        "--policies",
        nargs="+",
        default=given.policies,
        metavar="POLICY[/PRECISION]",
        help="default all, in f32",
    )
    add("--cut-s", type=float, default=given.cut_s, help="longer clips end there")
    add("--cases-s", type=float, default=given.cases_s, help="clips end there for cases")
    add("--seeds", type=int, default=given.seeds, help="runs of the graph with noise")
    add("--processes", type=int, default=given.processes, help="for all but speed")
    add("--sheet", type=Path, metavar="DIR", help="pictures of the largest differences")
    add("--rounds", type=int, default=given.rounds, help="of speed")
    add("--speed-s", type=float, default=given.speed_s, help="clips end there for speed")
    add("--cores", nargs="+", type=int, default=given.cores, help="for speed")
    add("--frames", type=int, default=given.frames, help="of endless")
    add("--bound-mb", type=float, default=given.bound_mb, help="memory may grow so much in endless")
    parser.set_defaults(run=lambda a: pose(options_of(a)), show=_show)


def options_of(arguments: argparse.Namespace) -> PoseOptions:
    """What the command line asks for."""
    return PoseOptions(
        clips=arguments.clips,
        parts=arguments.parts,
        policies=arguments.policies,
        only=arguments.only,
        cut_s=arguments.cut_s,
        cases_s=arguments.cases_s,
        seeds=arguments.seeds,
        processes=arguments.processes,
        sheet=arguments.sheet,
        rounds=arguments.rounds,
        speed_s=arguments.speed_s,
        cores=arguments.cores,
        frames=arguments.frames,
        bound_mb=arguments.bound_mb,
    )


def _show(_: argparse.Namespace, result: Result) -> None:
    """Tables; ends with exit code 1 if memory grew."""
    show(result, wide_console())
    if not all(target["met"] for target in result.get(ENDLESS, {}).get("targets", [])):
        sys.exit(1)
