"""What `calibrate latency` found out about a machine: the file that it writes and `run` reads.

The schema lives here because writer and reader share it.
"""

from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct, structs, to_builtins

from engine.calibration_file import FileKind, Sealed
from engine.config import Config, PluginConfig, QualityConfig
from engine.machine import Machine

Positive = Annotated[float, Meta(gt=0, le=1e9)]
Part = Annotated[float, Meta(ge=0, lt=1)]
Milliseconds = Annotated[float, Meta(ge=0, le=1e9)]


class Conditions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a promise depends on; with other ones it says nothing.

    Attributes:
        machine: Where it was measured.
        versions: Packages that decide how fast things are.
        source: What was watched, credentials removed.
        streams: How many, with each person who can be tracked.
        pose: Pose plugin with its options.
        recognizer: `name@hash`.
        backend: What ran the recogniser's network, with its options.
        quality: Full quality.
        deadline_ms: From capture to publish.
    """

    machine: Machine
    versions: dict[str, str]
    source: str
    streams: Annotated[int, Meta(ge=1)]
    pose: PluginConfig
    recognizer: str
    backend: PluginConfig
    quality: QualityConfig
    deadline_ms: Positive


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the user wanted.

    Attributes:
        deadline_ms: From capture to publish, at p99.
        poses_hz: Poses a second of each stream.
        spare: Part of the deadline that p99 had to leave without other load.
    """

    deadline_ms: Positive
    poses_hz: Positive
    spare: Part


class Ages(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How old messages were when they were published, in one stretch.

    Attributes:
        count: How many.
        p50_ms: Median.
        p95_ms: 95th percentile.
        p99_ms: 99th.
        max_ms: The oldest.
        late: How many missed the deadline.
        poses_hz: Poses a second of the stream that had the fewest.
    """

    count: Annotated[int, Meta(ge=0)]
    p50_ms: Milliseconds
    p95_ms: Milliseconds
    p99_ms: Milliseconds
    max_ms: Milliseconds
    late: Annotated[int, Meta(ge=0)]
    poses_hz: Milliseconds


class LatencyProfile(Sealed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The best settings of a machine for a deadline, and what was promised of them.

    Attributes:
        created_wall_ns: Unix time of writing.
        asked: What was wanted.
        conditions: What the promise depends on; the settings are among them.
        model: File of the network that was chosen; empty is the configured one.
        quiet: Without other load.
        loaded: With every core kept busy by other processes.
        seeds_ms: For each level of quality, stage to durations of its calls that were measured.
    """

    created_wall_ns: int
    asked: Asked
    conditions: Conditions
    model: str
    quiet: Ages
    loaded: Ages
    seeds_ms: tuple[dict[str, tuple[Milliseconds, ...]], ...]

    @property
    def promised_p99_ms(self) -> float:
        """What 99 of 100 messages are not older than."""
        return self.asked.deadline_ms

    @property
    def promised_under_load(self) -> bool:
        """Whether that is promised with every core busy, too: quality is lowered then."""
        return 0.0 < self.loaded.p99_ms <= self.asked.deadline_ms

    def settings(self) -> dict[str, Any]:
        """The same as tables of the configuration file."""
        found = self.conditions
        tables: dict[str, Any] = {
            "stream": {"deadline_ms": found.deadline_ms},
            "backend": to_builtins(found.backend),
            "quality": to_builtins(found.quality),
        }
        if self.model:
            name = found.recognizer.split("@")[0]
            tables["recognizer"] = {"use": name, "options": {"model": self.model}}
        return tables


LATENCY_FILE = FileKind(
    "fidget.latency", 1, LatencyProfile, "latency profile", "run_stream.py calibrate latency"
)


def changes(then: Conditions, now: Conditions) -> list[str]:
    """What is different, each as a phrase."""
    told = []
    for field in structs.fields(Conditions):
        before, after = (to_builtins(getattr(each, field.name)) for each in (then, now))
        if isinstance(before, dict) and isinstance(after, dict):
            told += [
                _changed(f"{field.name} {key}", before.get(key), after.get(key))
                for key in sorted(before.keys() | after.keys())
                if before.get(key) != after.get(key)
            ]
        elif before != after:
            told.append(_changed(field.name, before, after))
    return told


def _changed(what: str, before: Any, after: Any) -> str:
    return f"{what} was {_shown(before)}, is {_shown(after)}"


def _shown(value: Any) -> str:
    return (
        "nothing"
        if value in (None, "", {})
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def with_profile(tree: dict[str, Any], profile: LatencyProfile) -> dict[str, Any]:
    """A configuration file's tables over the settings of a profile: what the user wrote wins.

    Tables are taken whole, as a backend of one and options of the other would fit nobody; but
    `[stream]`, whose keys have nothing to do with each other.
    """
    ours = profile.settings()
    stream = {**ours["stream"], **tree.get("stream", {})}
    return {**ours, **tree, "stream": stream}


def conditions_of(
    config: Config, *, machine: Machine, versions: dict[str, str], source: str, recognizer: str
) -> Conditions:
    """What a promise for such a run depends on."""
    return Conditions(
        machine=machine,
        versions=versions,
        source=source,
        streams=sum(len(camera.slots) for camera in config.of_streams()),
        pose=config.pose,
        recognizer=recognizer,
        backend=config.backend,
        quality=config.quality,
        deadline_ms=config.stream.deadline_ms,
    )


def read_profile(path: str) -> LatencyProfile:
    """Read a profile.

    Raises:
        CalibrationError: It cannot be used; the message says why and what to do.
    """
    return LATENCY_FILE.read(Path(path))
