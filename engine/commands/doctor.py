"""`doctor`: what this machine can run, and why not the rest."""

import platform

import psutil
from rich.console import Console
from rich.table import Table

from engine import registry
from engine.clock import Clock
from engine.commands import assembly
from engine.commands.graph_of import graph_of
from engine.commands.serving import other_backends
from engine.config import Config
from engine.errors import ModelError
from engine.serving.backend_spec import BackendSpec
from engine.serving.choice import PROCESSOR, Choice, Verdict, pick, survey
from engine.serving.limits import ServingLimits
from engine.serving.trial import Trial
from engine.serving.variants import doubt
from engine.variant import Variant


def doctor(config: Config, streams: int, clock: Clock, console: Console) -> int:
    """Tell versions, the model, and a verdict for every backend; no camera is opened.

    Args:
        config: Names the recogniser.
        streams: How many streams the backends are timed with.
        clock: Time.
        console: For a person.

    Returns:
        0, or 4 if not even the processor can run the network.

    Raises:
        FidgetError: The recogniser's model cannot be read.
    """
    _tell_machine(console)
    graph = graph_of(config)
    if graph is None:
        console.print(f"recogniser  {config.recognizer.use}: has no network, needs no backend")
        return 0
    console.print(f"model       {graph.name} ({graph.digest[:16]})", soft_wrap=True)
    if graph.variant is not None:
        _tell_variant(graph.variant, console)
    console.print("Trying each backend in a process of its own ...", style="dim")
    limits = ServingLimits()
    why = doubt(graph, limits.variant)
    trial = Trial(graph, BackendSpec(PROCESSOR).make(), streams, clock, limits.check_ticks)
    verdicts = survey(other_backends(), trial, limits)
    console.print(_table(verdicts, streams))
    console.print(_told(why, pick(verdicts, limits.gain)), soft_wrap=True)
    return 0 if any(verdict.accepted for verdict in verdicts) else ModelError.exit_code


def _tell_machine(console: Console) -> None:
    console.print(f"system      {platform.platform()}, {psutil.cpu_count()} cores", soft_wrap=True)
    versions = ", ".join(f"{name} {version}" for name, version in assembly.versions().items())
    console.print(f"versions    {versions}", soft_wrap=True)
    for kind in ("sources", "pose", "recognizers", "backends", "sinks"):
        console.print(f"{kind:<11} {', '.join(registry.names(kind))}")


def _tell_variant(variant: Variant, console: Console) -> None:
    console.print(f"precision   {variant.precision}, made from {variant.made_from[:16]}")
    console.print(f"parity      {variant.parity or 'nobody has judged it'}", soft_wrap=True)


def _told(doubt: str, choice: Choice) -> str:
    if doubt:
        return f"`auto` does not serve it: {doubt}"
    return f"`auto` takes {choice.name}: {choice.reason}"


def _table(verdicts: list[Verdict], streams: int) -> Table:
    table = Table("backend", "", "p50 ms", "p99 ms", "why", box=None, pad_edge=False)
    for verdict in verdicts:
        table.add_row(
            verdict.name,
            "yes" if verdict.accepted else "no",
            _ms(verdict.step_ms_p50),
            _ms(verdict.step_ms_p99),
            verdict.reason,
        )
    table.caption = f"a tick of {streams} stream{'s' if streams > 1 else ''}"
    return table


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
