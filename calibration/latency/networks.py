"""Which backend runs the recogniser's network best here, of all that are installed."""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from engine import registry
from engine.backends import Backend, Tunable
from engine.clock import Clock
from engine.commands.graph_of import graph_of
from engine.config import Config, PluginConfig
from engine.serving.backend_spec import BackendSpec
from engine.serving.choice import PROCESSOR, Verdict, pick, survey
from engine.serving.engine_group import EngineGroup
from engine.serving.limits import ServingLimits
from engine.serving.trial import Trial


@dataclass(frozen=True)
class Candidate:
    """A way to run the network.

    Attributes:
        spec: The backend with its options.
        verdict: What was found.
    """

    spec: BackendSpec
    verdict: Verdict


def candidates(config: Config, streams: int, cores: int, clock: Clock) -> list[Candidate]:
    """Every backend with every choice of options, compared with the processor and timed.

    Each is first tried in a process of its own; what runs on the processor is then timed in this
    one, as that is where it would serve.

    Args:
        config: Names the recogniser.
        streams: Rows of a step.
        cores: Of the machine.
        clock: Time.

    Returns:
        The processor's own backend first; nothing for a recogniser without a network.

    Raises:
        ModelError: The network cannot be read.
    """
    graph = graph_of(config)
    if graph is None:
        return []
    limits = ServingLimits()
    trial = Trial(graph, BackendSpec(PROCESSOR).make(), streams, clock, limits.check_ticks)
    specs = [BackendSpec(PROCESSOR), *(s for s in _specs(cores) if s != BackendSpec(PROCESSOR))]
    verdicts = survey(specs[1:], trial, limits)
    return [
        Candidate(spec, _timed_here(spec, verdict, trial))
        for spec, verdict in zip(specs, verdicts, strict=True)
    ]


def chosen(found: Sequence[Candidate]) -> tuple[Candidate, str]:
    """The one to take, and why.

    Raises:
        ValueError: There is none.
    """
    choice = pick([one.verdict for one in found], ServingLimits().gain)
    return next(one for one in found if one.verdict.name == choice.name), choice.reason


def with_backend(config: Config, spec: BackendSpec) -> Config:
    """The configuration with this backend."""
    return replace(config, backend=PluginConfig(use=spec.use, options=spec.options))


def _specs(cores: int) -> Iterable[BackendSpec]:
    for name in registry.names("backends"):
        backend: Backend = registry.create("backends", name, {})
        choices = backend.choices(cores) if isinstance(backend, Tunable) else ({},)
        for options in choices:
            yield BackendSpec(name, options)


def _timed_here(spec: BackendSpec, verdict: Verdict, trial: Trial) -> Verdict:
    backend = spec.make()
    if not verdict.accepted or backend.accelerator:
        return verdict
    group = EngineGroup(backend, trial.graph)
    try:
        group.reserve(trial.streams)
        times = trial.time(group)
    finally:
        group.close()
    return dataclasses.replace(verdict, step_ms_p50=times.p50, step_ms_p99=times.p99)
