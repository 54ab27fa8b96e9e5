"""What an encoder makes of examples."""

from collections.abc import Sequence

import numpy as np

from engine.errors import UsageError
from engine.poses import F32
from training.clips.live_ticks import Stretch, live_stretches
from training.datasets.published import RATE_HZ
from training.pretraining.sources import recorded_sources
from training.teaching.examples import Example
from training.teaching.window_vectors import Window, vectors_at
from training.zoo.clip_model import ClipEncoder
from training.zoo.pooling import Pooling

_SHORTEST_TICKS, _LONGEST_TICKS = 12, 100
_AROUND_TICKS = 2


def window_for(examples: Sequence[Example], pooling: Pooling = Pooling.MOMENTS) -> Window:
    """As long as the examples mostly are, half a second to four."""
    middle_s = float(np.median([example.end_s - example.start_s for example in examples]))
    ticks = round(middle_s * RATE_HZ)
    return Window(min(max(ticks, _SHORTEST_TICKS), _LONGEST_TICKS), pooling)


def shown_vectors(encoder: ClipEncoder, examples: Sequence[Example], window: Window) -> F32:
    """`(E, P)`: of each example what is known at its end, a mean over a few ticks around it.

    Args:
        encoder: In evaluation mode.
        examples: They are read from their recordings, each recording once.
        window: Of the vectors.

    Raises:
        UsageError: An example is not in its recording, or there is no pose in it.
        RecordingError: A recording cannot be read.
    """
    found: dict[int, F32] = {}
    for recording in dict.fromkeys(example.recording for example in examples):
        own = {n: e for n, e in enumerate(examples) if e.recording == recording}
        source = recorded_sources(recording)[0]
        for stretch in live_stretches(source.samples()):
            found |= shown_in(encoder, own, stretch, window)
    for number, example in enumerate(examples):
        if number not in found:
            raise UsageError(
                f"{example.place}: {example.recording} has no pose for most of "
                f"{example.start_s:g} to {example.end_s:g} s: nothing to learn from"
            )
    return np.stack([found[number] for number in range(len(examples))])


def shown_in(
    encoder: ClipEncoder, examples: dict[int, Example], stretch: Stretch, window: Window
) -> dict[int, F32]:
    """`(P,)` of those examples that end in a stretch, see `shown_vectors`."""
    vectors = {}
    for number, example in examples.items():
        end = round((example.end_s - stretch.start_s) * RATE_HZ)
        around = np.arange(end - _AROUND_TICKS, end + _AROUND_TICKS + 1)
        around = around[(around >= 0) & (around < len(stretch.ticks))]
        made = vectors_at(encoder, stretch.ticks, around, window)
        if made.told.any():
            vectors[number] = made.vectors[made.told].mean(axis=0)
    return vectors
