"""`python -m benchmarks [NAME]`: one command for every figure in `docs/benchmarks.md`.

Without a name it is `engines`.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import run_stream
from benchmarks.cuts import cuts
from benchmarks.engines.command import add_engines
from benchmarks.gpu.command import add_gpu
from benchmarks.hygiene import hygiene
from benchmarks.latents.command import add_latents
from benchmarks.live import live
from benchmarks.loaded import loaded
from benchmarks.pose.command import add_pose
from benchmarks.precision import precision
from benchmarks.promise import promise
from benchmarks.reading import reading
from benchmarks.replays import replays
from benchmarks.report import Result, publish
from benchmarks.streams import streams
from benchmarks.subscribers import subscribers
from benchmarks.teaching.command import add_teach


def main() -> None:
    """Run one benchmark; figures go to standard output and, with `--json`, to a file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(dest="name", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    for name, add in _BENCHMARKS.items():
        command = commands.add_parser(name, parents=[common])
        command.set_defaults(show=lambda *_: None)
        add(command)
    arguments = parser.parse_args(_named(sys.argv[1:]))
    result: Result = arguments.run(arguments)
    publish(arguments.name, result, arguments.json)
    arguments.show(arguments, result)


def _named(arguments: list[str]) -> list[str]:
    """With the default benchmark if none is named."""
    first = arguments[0] if arguments else ""
    named = first in ("-h", "--help") or (first and not first.startswith("-"))
    return arguments if named else [_DEFAULT, *arguments]


def _add_camera(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--video", type=Path, help="shown by the camera; default a portrait")
    parser.add_argument("--fps", type=float, default=30.0)


def _add_live(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=60.0)
    _add_camera(parser)
    parser.add_argument("--recorded-pose", action="store_true", help="leave out the pose network")
    parser.add_argument("--config", type=Path, metavar="FILE", help="of the engine")
    parser.set_defaults(
        run=lambda a: live(
            video=a.video,
            fps=a.fps,
            seconds=a.seconds,
            recorded_pose=a.recorded_pose,
            config=a.config,
        )
    )


def _add_cuts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", type=int, default=20)
    parser.set_defaults(run=lambda a: cuts(a.count))


def _add_loaded(parser: argparse.ArgumentParser) -> None:
    _add_camera(parser)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--deadline-ms", type=float, default=200.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.set_defaults(
        run=lambda a: loaded(
            a.video, fps=a.fps, seconds=a.seconds, deadline_ms=a.deadline_ms, rounds=a.rounds
        )
    )


def _add_promise(parser: argparse.ArgumentParser) -> None:
    _add_camera(parser)
    parser.add_argument("--poses-hz", type=float, default=15.0)
    parser.add_argument("--deadline-ms", type=float, default=150.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.set_defaults(
        run=lambda a: promise(
            a.video,
            fps=a.fps,
            poses_hz=a.poses_hz,
            deadline_ms=a.deadline_ms,
            seconds=a.seconds,
        )
    )


def _add_hygiene(parser: argparse.ArgumentParser) -> None:
    _add_camera(parser)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--recorded-pose", action="store_true", help="leave out the pose network")
    parser.set_defaults(
        run=lambda a: hygiene(
            a.video,
            fps=a.fps,
            seconds=a.seconds,
            rounds=a.rounds,
            recorded_pose=a.recorded_pose,
        )
    )


def _add_precision(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--steps", type=int, default=10_000)
    parser.set_defaults(run=lambda a: precision(a.steps))


def _add_streams(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recording", type=Path, default=run_stream.SAMPLE)
    parser.add_argument("--count", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=45.0)
    parser.set_defaults(run=lambda a: streams(a.recording, a.count, a.seconds))


def _add_subscribers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.set_defaults(run=lambda a: subscribers(a.rounds, a.seconds))


def _add_replay(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recording", type=Path, default=run_stream.SAMPLE)
    parser.add_argument("--runs", type=int, default=7)
    parser.set_defaults(run=lambda a: replays(a.recording, a.runs))


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--videos", type=int, default=359)
    parser.add_argument("--seconds", type=float, default=300.0, help="length of each")
    parser.set_defaults(run=lambda a: reading(a.videos, a.seconds))


_BENCHMARKS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "engines": add_engines,
    "gpu": add_gpu,
    "pose": add_pose,
    "live": _add_live,
    "cuts": _add_cuts,
    "loaded": _add_loaded,
    "promise": _add_promise,
    "streams": _add_streams,
    "hygiene": _add_hygiene,
    "subscribers": _add_subscribers,
    "replay": _add_replay,
    "precision": _add_precision,
    "latents": add_latents,
    "teach": add_teach,
    "reading": _add_reading,
}

_DEFAULT = "engines"

if __name__ == "__main__":
    main()
