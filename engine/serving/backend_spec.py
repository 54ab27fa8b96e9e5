"""How a backend is named where it is made: in this process, and in one of its own."""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from engine import registry
from engine.backends import Backend
from engine.errors import PluginError


@dataclass(frozen=True)
class BackendSpec:
    """A backend and its options; small enough to be told to another process.

    Attributes:
        use: Name of its entry point; or `module:Class`, which needs no installed package: so a
            backend that is being written, or one that a test makes fail, is run like any other.
            Configuration files can only name entry points.
        options: Its options.
    """

    use: str
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """For people: the backend, and its options if there are any."""
        return " ".join([self.use, *(f"{key}={value}" for key, value in self.options.items())])

    def make(self) -> Backend:
        """The backend; nothing heavy is done.

        Raises:
            PluginError: It is unknown, cannot be imported, or lacks a member of its contract.
            ConfigError: A bad option.
        """
        plugin = _class_at(self.use) if ":" in self.use else _installed(self.use)
        made: Backend = registry.make("backends", self.use, plugin, self.options)
        return made


def _installed(name: str) -> Any:
    return registry.plugin_class("backends", name)


def _class_at(place: str) -> Any:
    module, _, name = place.partition(":")
    try:
        plugin = getattr(import_module(module), name)
    except Exception as error:  # whatever a foreign module does when it is imported
        raise PluginError(
            f"backend '{place}' cannot be imported: {type(error).__name__}: {error}"
        ) from error
    registry.check("backends", place, plugin)
    return plugin
