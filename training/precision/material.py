"""What variants are made and judged with: ticks as a recogniser gets them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.config import Config, EmotionConfig
from engine.core.batch import LoneStream
from engine.core.stream import StreamCore
from engine.poses import F32
from engine.wire.recording import open_recording
from training.evaluation.listener import Listener
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
    recording, shown = open_recording(path), Listener()
    for stream in recording.survey.streams or (recording.header.stream,):
        own = StreamCore(Config(emotion=EmotionConfig(enabled=False)), shown)
        core = LoneStream(own, shown)
        for sample in recording.pose_inputs(stream):
            core.step(sample)
        core.finish()
    return Material(path.name, tuple(shown.ended()))


def simulated(sequences: int = _SEQUENCES) -> Material:
    """People whom no model has seen in training, the same each time."""
    config = SimulatorConfig(sequences=sequences)
    ticks, _ = simulate(config, np.random.default_rng(_SEED), "test")
    name = f"{sequences} simulated test people of {config.ticks / RATE_HZ:g} s each"
    return Material(name, tuple(ticks.joints))
