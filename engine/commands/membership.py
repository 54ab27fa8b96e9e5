"""Keeps the streams of a running session those that are wanted."""

import logging
from collections.abc import Callable

from engine.commands.opening import OpenStream
from engine.config import Config
from engine.errors import FidgetError
from engine.redaction import redact
from engine.runtime.pipeline import Pipeline
from engine.runtime.ports import InputParts

logger = logging.getLogger(__name__)


class Membership:
    """Adds and removes streams of a pipeline. The supervising thread only.

    A stream whose source or person is another now is ended, and begun anew once it has gone. One
    that cannot be opened is told in the log; the others go on.

    Args:
        pipeline: The pipeline.
        present: What runs.
        opened: Opens a stream.
        parts: Makes it an input of the pipeline.
        tell: Says something to a person.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        present: list[Config],
        opened: Callable[[Config], OpenStream],
        parts: Callable[[OpenStream], InputParts],
        tell: Callable[[str], None],
    ) -> None:
        self._tell = tell
        self._pipeline = pipeline
        self._present = {config.stream.name: config for config in present}
        self._opened = opened
        self._parts = parts
        self._waiting: list[Config] = []

    def want(self, configs: list[Config]) -> None:
        """Change to these streams."""
        wanted = {config.stream.name: config for config in configs}
        for name, config in list(self._present.items()):
            if wanted.get(name) != config:
                del self._present[name]
                self._end(name)
        self._waiting = [c for name, c in wanted.items() if name not in self._present]

    def attend(self) -> None:
        """Begin what waits and can begin."""
        running = self._pipeline.counts()
        ready = [config for config in self._waiting if running.keys().isdisjoint(config.slots)]
        self._waiting = [config for config in self._waiting if config not in ready]
        for config in ready:
            self._begin(config)

    def _begin(self, config: Config) -> None:
        name = config.stream.name
        try:
            stream = self._opened(config)
        except FidgetError as error:
            logger.error("stream '%s' cannot be added: %s", name, error)  # noqa: TRY400 - for users
            return
        self._pipeline.add(self._parts(stream))
        self._present[name] = config
        self._tell(f"stream '{name}' was added: {redact(stream.info.description)}")

    def _end(self, name: str) -> None:
        if name in self._pipeline.counts():
            self._pipeline.remove(name)
            self._tell(f"stream '{name}' was removed")
