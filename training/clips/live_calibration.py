"""What of a live model is chosen on people held out: how sure its scores are, and thresholds."""

from collections.abc import Sequence

import numpy as np

from engine.config import ClassDecoderConfig, DecoderConfig
from engine.poses import F32
from training.clips.clip_set import ClipSet
from training.clips.online import Streamed
from training.clips.outputs import logits
from training.evaluation.sequences import RATE_HZ
from training.fitting.calibrate import fitted
from training.fitting.calibration import Calibration
from training.fitting.operating_points import Truth, operating_points
from training.fitting.scores import Logits
from training.labels import GROUP_COUNT
from training.zoo.clip_model import ClipClassifier

# No event spans so many ticks of nothing between two videos.
_PAUSE = 50


def chosen_temperature(model: ClipClassifier, windows: ClipSet) -> Calibration:
    """The temperature under which the labels of windows are likeliest.

    The windows hold as much of nothing as those the model was trained on, and any view: which
    classes the engine would abstain from does not matter here.

    Args:
        model: Of the classes and "none", in evaluation mode.
        windows: Of people who were not trained on.
    """
    found = logits(model, windows)
    group = np.zeros((len(found), GROUP_COUNT), np.float32)
    said = Logits(classes=found, group=group, bounds=np.zeros((len(found), 2), np.float32))
    return fitted(said, windows.labels, group_weights=(0.0,))


def chosen_points(streams: Sequence[Streamed]) -> dict[str, ClassDecoderConfig]:
    """Thresholds and shortest durations that suit a model.

    Args:
        streams: What it said of whole videos, of people who were not trained on.

    Returns:
        Class slug to settings; empty where no class happens often enough to tell.
    """
    return operating_points(*_timeline(streams), DecoderConfig()) if streams else {}


def _timeline(streams: Sequence[Streamed]) -> tuple[F32, Truth]:
    """All videos one after another: `(M, 32)` scores and the true events."""
    scores, classes, intervals, position = [], [], [], 0
    for stream in streams:
        own = np.nan_to_num(stream.sequence.scores, nan=0.0)
        scores.append(np.pad(own, ((0, _PAUSE), (0, 0))))
        for event in stream.sequence.truths:
            classes.append(event.class_index)
            bounds_s = np.array((event.start_s, event.end_s))
            intervals.append(bounds_s * RATE_HZ + position)
        position += len(scores[-1])
    truth = Truth(np.array(classes, np.int8), np.array(intervals, np.float32).reshape(-1, 2))
    return np.concatenate(scores), truth
