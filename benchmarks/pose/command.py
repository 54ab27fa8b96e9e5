"""Options of `python -m benchmarks pose`, and what it shows at the end."""

import argparse
from pathlib import Path

from benchmarks.engines.tables import wide_console
from benchmarks.pose.options import PARTS, PoseOptions
from benchmarks.pose.pose import pose
from benchmarks.pose.tables import show


def add_pose(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    given = PoseOptions(clips=Path())
    add = parser.add_argument
    add("--clips", type=Path, required=True, metavar="DIR", help="holds video/")
    add("--only", nargs="+", default=given.only, metavar="NAME", help="clips called like that")
    add("--parts", nargs="+", choices=PARTS, default=given.parts, help="default all")
    add(
        "--policies",
        nargs="+",
        default=given.policies,
        metavar="POLICY[/PRECISION]",
        help="default all, in f32",
    )
    add("--cut-s", type=float, default=given.cut_s, help="longer clips end there")
    add("--seeds", type=int, default=given.seeds, help="runs of the graph with noise")
    add("--processes", type=int, default=given.processes, help="for all but speed")
    add("--sheet", type=Path, metavar="DIR", help="pictures of the largest differences")
    add("--rounds", type=int, default=given.rounds, help="of speed")
    add("--speed-s", type=float, default=given.speed_s, help="clips end there for speed")
    add("--cores", nargs="+", type=int, default=given.cores, help="for speed")
    parser.set_defaults(
        run=lambda a: pose(options_of(a)), show=lambda _, result: show(result, wide_console())
    )


def options_of(arguments: argparse.Namespace) -> PoseOptions:
    """What the command line asks for."""
    return PoseOptions(
        clips=arguments.clips,
        parts=arguments.parts,
        policies=arguments.policies,
        only=arguments.only,
        cut_s=arguments.cut_s,
        seeds=arguments.seeds,
        processes=arguments.processes,
        sheet=arguments.sheet,
        rounds=arguments.rounds,
        speed_s=arguments.speed_s,
        cores=arguments.cores,
    )
