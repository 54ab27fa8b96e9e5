"""`build-engines`: does beforehand what a session would otherwise do in the background."""

import time

from rich.console import Console

from engine import registry
from engine.backends import Backend, EngineBuilder
from engine.commands.graph_of import graph_of
from engine.config import Config
from engine.errors import DeviceError
from engine.step_graph import RUNGS, StepGraph


def build_engines(config: Config, streams: int, console: Console) -> int:
    """Build the engines of every backend that has some, for so many streams and fewer.

    Args:
        config: Names the recogniser.
        streams: Most streams.
        console: For a person.

    Returns:
        0, or 5 if the configured backend is the one that cannot be used.

    Raises:
        FidgetError: The model cannot be read, or an engine not be built.
    """
    graph = graph_of(config)
    if graph is None:
        console.print(f"{config.recognizer.use}: has no network; there is nothing to build")
        return 0
    for name in registry.names("backends"):
        options = config.backend.options if name == config.backend.use else {}
        backend: Backend = registry.create("backends", name, options)
        refusal = backend.refusal()
        if refusal:
            console.print(f"{name}: cannot be used: {refusal}", soft_wrap=True)
            if name == config.backend.use:
                return DeviceError.exit_code
        elif isinstance(backend, EngineBuilder):
            _build(name, backend, graph, streams, console)
        else:
            console.print(f"{name}: needs no building")
    return 0


def _build(
    name: str, backend: EngineBuilder, graph: StepGraph, streams: int, console: Console
) -> None:
    for rung in [rung for rung in RUNGS if rung <= streams] or [RUNGS[0]]:
        start_s = time.monotonic()
        with console.status(f"{name}: building for {rung} streams ..."):
            plan = backend.build(graph, rung)
        size_mb, took_s = len(plan.plan) / 1e6, time.monotonic() - start_s
        done = f"built in {took_s:.1f} s ({plan.refused})" if plan.built else "is there already"
        console.print(f"{name}: {rung} streams: {done}, {size_mb:.1f} MB", soft_wrap=True)
        if plan.unkept:
            console.print(f"{name}: it is not kept: {plan.unkept}", style="yellow", soft_wrap=True)
