"""How the configured backend runs a recogniser's network."""

from engine import registry
from engine.backends import Backend, RunGraph
from engine.config import PluginConfig
from engine.errors import ModelError
from engine.serving.backend_spec import BackendSpec
from engine.serving.candidates import Candidates
from engine.serving.choice import AUTO, PROCESSOR
from engine.serving.limits import UNHURRIED_MS, ServingLimits
from engine.serving.plain import plainly
from engine.serving.served import served
from engine.serving.variants import guarded


def run_graph_of(backend: PluginConfig, *, live: bool) -> RunGraph:
    """A backend of the processor runs in this process; an accelerator, and `auto`, beside it.

    Those are served by the processor until they are ready, and again when they fail. `auto` refuses
    a model in another precision that is beyond the tolerance, see `guarded`.

    Args:
        backend: The configured one.
        live: Whether ticks come in their own time; else a step may take long.

    Raises:
        PluginError, ConfigError: No such backend, or a bad option.
        ModelError: A backend of the processor that cannot be used here.
    """
    limits = ServingLimits() if live else ServingLimits(bound_ms=UNHURRIED_MS)
    run_graph = _unguarded(backend, limits)
    return guarded(run_graph, limits.variant, named=backend.use != AUTO)


def _unguarded(backend: PluginConfig, limits: ServingLimits) -> RunGraph:
    if backend.use == AUTO:
        return served(Candidates(other_backends(), limits, named=False), limits)
    made: Backend = registry.create("backends", backend.use, backend.options)
    if made.accelerator:
        spec = BackendSpec(backend.use, backend.options)
        return served(Candidates([spec], limits, named=True), limits)
    refusal = made.refusal()
    if refusal:
        raise ModelError(f"the backend '{backend.use}' cannot be used: {refusal}")
    return plainly(backend.use, made, limits)


def other_backends() -> list[BackendSpec]:
    """All that are installed but the one that is always there."""
    return [BackendSpec(name) for name in registry.names("backends") if name != PROCESSOR]
