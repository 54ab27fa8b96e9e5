"""Options of `python -m benchmarks gpu`, and what it shows at the end."""

import argparse

from benchmarks.engines.tables import wide_console
from benchmarks.gpu.gpu import gpu
from benchmarks.gpu.options import PARTS, GpuOptions
from benchmarks.gpu.tables import show
from engine.clock import SystemClock


def add_gpu(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    given = GpuOptions()
    add = parser.add_argument
    add("--parts", nargs="+", choices=PARTS, default=given.parts, help="default all")
    add("--backends", nargs="+", default=given.backends, help="default every accelerator")
    add("--sizes", nargs="+", type=int, default=given.sizes, help="numbers of streams")
    add("--steps", type=int, default=given.steps, help="ticks of each number of streams")
    add("--streams", type=int, default=given.streams, help="in the recogniser")
    add("--streams-s", type=float, default=given.streams_s, help="400 are enough for p99.9")
    add("--within-s", type=float, default=given.within_s, help="for everything")
    parser.set_defaults(
        run=lambda a: gpu(options_of(a), SystemClock()),
        show=lambda _, result: show(result, wide_console()),
    )


def options_of(arguments: argparse.Namespace) -> GpuOptions:
    """What the command line asks for."""
    return GpuOptions(
        parts=arguments.parts,
        backends=arguments.backends,
        sizes=arguments.sizes,
        steps=arguments.steps,
        streams=arguments.streams,
        streams_s=arguments.streams_s,
        limit_s=max(GpuOptions.limit_s, arguments.streams_s + 60.0),
        within_s=arguments.within_s,
    )
