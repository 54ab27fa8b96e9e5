"""What variants are made and judged with: ticks as a recogniser gets them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from engine.backends import BackendStatus
from engine.config import ClassDecoderConfig, Config, EmotionConfig
from engine.core.batch import LoneStream
from engine.core.stream import StreamCore
from engine.labels import LABELS, Label
from engine.poses import F32, Bools
from engine.skeletons import HOLISTIC_75
from engine.wire.recording import open_recording
from training.simulator.make import SimulatorConfig, simulate
from training.simulator.ticks import RATE_HZ

# Other people than those on whom it was chosen what is rounded.
_SEED = 8
_SEQUENCES = 64


@dataclass(frozen=True)
class Material:
    """Sequences that have nothing to do with each other.

    Attributes:
        name: For people.
        sequences: `(T, 75, 4)` each, from its beginning; a tick in a gap is all 0.
    """

    name: str
    sequences: tuple[F32, ...]

    @property
    def ticks(self) -> int:
        """Of all sequences."""
        return sum(len(sequence) for sequence in self.sequences)


def recorded(path: Path) -> Material:
    """The ticks that a recording brings, through the engine's own front end.

    Raises:
        RecordingError: It cannot be read.
    """
    recording, notes = open_recording(path), _Notes()
    for stream in recording.survey.streams or (recording.header.stream,):
        own = StreamCore(Config(emotion=EmotionConfig(enabled=False)), notes)
        core = LoneStream(own, notes)
        for sample in recording.pose_inputs(stream):
            core.step(sample)
        core.finish()
    return Material(path.name, tuple(notes.sequences()))


def simulated(sequences: int = _SEQUENCES) -> Material:
    """People whom no model has seen in training, the same each time."""
    config = SimulatorConfig(sequences=sequences)
    ticks, _ = simulate(config, np.random.default_rng(_SEED), "test")
    name = f"{sequences} simulated test people of {config.ticks / RATE_HZ:g} s each"
    return Material(name, tuple(ticks.joints))


class _Notes:
    """Keeps `StepModel`; knows nothing and remembers all it was shown."""

    skeleton = HOLISTIC_75.name
    labels: tuple[Label, ...] = (LABELS[0],)
    rate_hz = 25.0
    receptive_field = 1
    delay = 0
    model_hash = ""
    precision = ""
    backend = BackendStatus()
    late = None
    operating_points: Mapping[str, ClassDecoderConfig] = MappingProxyType({})

    def __init__(self) -> None:
        self._ticks: list[list[F32]] = [[]]

    def sequences(self) -> Iterator[F32]:
        """What was shown between one reset and the next."""
        return (np.stack(ticks) for ticks in self._ticks if ticks)

    def warm_up(self) -> None:
        """Nothing to do."""

    def reserve(self, streams: int) -> None:
        """There is one stream."""

    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        """Note the tick."""
        self._ticks[-1].append(x[0].copy())
        return None

    def reset(self, stream: int | None = None) -> None:
        """Begin a new sequence."""
        self._ticks.append([])

    def close(self) -> None:
        """Nothing to free."""
