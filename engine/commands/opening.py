"""Opens what one camera, file or recording of a live run is made of."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from engine.clock import Clock
from engine.commands import assembly
from engine.commands.source_spec import resolve
from engine.commands.tell import tell
from engine.config import Config
from engine.contracts import Source, SourceInfo
from engine.core.pose_stage import PoseStage
from engine.errors import SourceError
from engine.person import PersonCalibration
from engine.runtime.pacing import PacedSource

_AUTO = "auto"
_CAMERAS_TRIED = 4


@dataclass(frozen=True)
class OpenStream:
    """A camera, file or recording that is ready to run.

    Attributes:
        config: As if it were the only one.
        source: Open.
        info: What the source turned out to be.
        pose: Warmed up; None for a source of poses.
        person: Calibration of the main person in view, if any.
        resources: Closes everything but the source.
    """

    config: Config
    source: Source[Any]
    info: SourceInfo
    pose: PoseStage | None
    person: PersonCalibration | None
    resources: ExitStack

    @property
    def name(self) -> str:
        """Of the main stream."""
        return self.config.stream.name

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of its streams: one a person who can be tracked, the main one first."""
        return self.config.slots[: self.pose.most if self.pose else 1]


def rows_of(streams: Sequence[OpenStream]) -> int:
    """How many rows of the recogniser they need: one for each person who can be tracked."""
    return sum(len(one.slots) for one in streams)


def source_to_watch(spec: str, options: dict[str, Any]) -> Source[Any]:
    """The source that `spec` means in a live run, not yet open.

    Raises:
        PluginError: No such plugin.
        ConfigError: A bad option.
    """
    if resolve(spec)[0] == "pattern":
        options = {"live": True, **options}  # the newest picture wins, as with a camera
    return assembly.make_source(spec, options)


class StreamOpener:
    """Opens what `[source]` or `[streams]` names.

    Args:
        clock: Time.
        console: For a person.
        sample: Recording that `auto` plays when there is no camera.
    """

    def __init__(self, clock: Clock, console: Console, sample: Path) -> None:
        self._clock = clock
        self._console = console
        self._sample = sample

    def open(self, config: Config) -> OpenStream:
        """Open what `config` describes; nothing stays open if that fails.

        Raises:
            FidgetError: What cannot be opened.
        """
        with ExitStack() as stack:
            person = assembly.make_person(config, self._clock)
            source, info = self._source(stack, config)
            pose = None
            resources = ExitStack()
            stack.push(resources)
            if source.yields == "frames":
                estimator = resources.enter_context(assembly.pose_estimator(config))
                pose = PoseStage(estimator, config.people.most)
            stack.pop_all()  # from here on the stream's own
            return OpenStream(config, source, info, pose, person, resources)

    def _source(self, stack: ExitStack, config: Config) -> tuple[Source[Any], SourceInfo]:
        spec, options = config.source.use, config.source.options
        if spec != _AUTO:
            return self._open(stack, spec, options)
        why = ""
        for index in range(_CAMERAS_TRIED):
            try:
                return self._open(stack, str(index), options)
            except SourceError as error:
                why = why or str(error)
        tell(self._console, f"No camera: {why}")
        tell(self._console, f"Playing the shipped sample: {self._sample.name}")
        return self._open(stack, str(self._sample), {})

    def _open(
        self, stack: ExitStack, spec: str, options: dict[str, Any]
    ) -> tuple[Source[Any], SourceInfo]:
        source = source_to_watch(spec, options)
        if not source.live:
            source = PacedSource(source)
        stack.callback(source.close)
        return source, source.open(self._clock)
