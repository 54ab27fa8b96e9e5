"""Which backend runs the recogniser's network best here, of all that are installed."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

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
from engine.serving.variants import doubt
from engine.step_graph import StepGraph


@dataclass(frozen=True)
class Candidate:
    """A way to run the network.

    Attributes:
        spec: The backend with its options.
        verdict: What was found; its name says the precision, too.
        model: File of the network; empty is the configured one.
    """

    spec: BackendSpec
    verdict: Verdict
    model: str = ""


@dataclass(frozen=True)
class Search:
    """Tries every backend with every choice of options.

    Each is compared with the processor and timed in a process of its own; what runs on the
    processor is then timed in this one, as that is where it would serve.

    Attributes:
        streams: Rows of a step.
        cores: Of the machine.
        clock: Time.
    """

    streams: int
    cores: int
    clock: Clock

    def candidates(self, config: Config, variants: Sequence[str] = ()) -> list[Candidate]:
        """What there is to choose from.

        Args:
            config: Names the recogniser.
            variants: Files of the same network in other precisions.

        Returns:
            The configured network on the processor's own backend first; nothing for a recogniser
            without a network.

        Raises:
            ModelError: A network cannot be read.
        """
        graph = graph_of(config)
        if graph is None:
            return []
        found = self._of(graph, "")
        for variant in variants:
            other = graph_of(with_model(config, variant))
            found += self._of(other, variant) if other is not None else []
        return found

    def _of(self, graph: StepGraph, model: str) -> list[Candidate]:
        limits = ServingLimits()
        why = doubt(graph, limits.variant)
        if why:
            refused = Verdict(f"{graph.precision}: {Path(model).name}", False, why)
            return [Candidate(BackendSpec(PROCESSOR), refused, model)]
        trial = Trial(
            graph, BackendSpec(PROCESSOR).make(), self.streams, self.clock, limits.check_ticks
        )
        own, *others = (BackendSpec(PROCESSOR), *self._others())
        verdicts = survey(others, trial, limits)
        return [
            Candidate(spec, _named(spec, _timed_here(spec, verdict, trial), graph), model)
            for spec, verdict in zip((own, *others), verdicts, strict=True)
        ]

    def _others(self) -> Iterator[BackendSpec]:
        for name in registry.names("backends"):
            backend: Backend = registry.create("backends", name, {})
            choices = backend.choices(self.cores) if isinstance(backend, Tunable) else ({},)
            yield from (BackendSpec(name, each) for each in choices if each or name != PROCESSOR)


def chosen(found: Sequence[Candidate]) -> tuple[Candidate, str]:
    """The one to take, and why.

    Raises:
        ValueError: There is none.
    """
    choice = pick([one.verdict for one in found], ServingLimits().gain)
    return next(one for one in found if one.verdict.name == choice.name), choice.reason


def settled(config: Config, taken: Candidate) -> Config:
    """The configuration with what was chosen."""
    backend = PluginConfig(use=taken.spec.use, options=taken.spec.options)
    return replace(with_model(config, taken.model) if taken.model else config, backend=backend)


def with_model(config: Config, model: str) -> Config:
    """The configuration with another file of the network."""
    own = config.recognizer
    return replace(config, recognizer=replace(own, options={**own.options, "model": model}))


def _named(spec: BackendSpec, verdict: Verdict, graph: StepGraph) -> Verdict:
    """With a name that nothing else among the candidates has."""
    return dataclasses.replace(verdict, name=f"{spec.name} {graph.precision}".strip())


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
