"""Whole videos through a live model and the engine's own decoder: scores of events (Track 2)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.config import Config, EmotionConfig
from engine.contracts import StepModel
from engine.serving.limits import UNHURRIED_MS, ServingLimits
from engine.serving.plain import plainly
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from plugins.recognizers.clip.recognizer import ClipConfig, ClipRecognizer
from training.clips.clip_set import person_of
from training.clips.live_ticks import poses_as_samples
from training.datasets.dataset import DataSet
from training.datasets.labelled_clip import LabelledClip
from training.datasets.tidying import tidied
from training.evaluation.evaluate import evaluate_events
from training.evaluation.events import FoundEvent, events_from_ticks
from training.evaluation.report import Report
from training.evaluation.sequences import RATE_HZ, ScoredSequence
from training.evaluation.trace import Trace, trace
from training.labels import CLASS_IDS, IGNORE, NONE_INDEX

_CONFIG = Config(emotion=EmotionConfig(enabled=False))


@dataclass(frozen=True)
class Streamed:
    """One video.

    Attributes:
        sequence: What was believed, by the tick that it describes, and what is labelled.
        found: What the decoder made of it.
    """

    sequence: ScoredSequence
    found: tuple[FoundEvent, ...]


def opened(path: Path) -> ClipRecognizer:
    """The recogniser of a model file, on the processor, in no hurry.

    Raises:
        ModelError: It cannot be served.
    """
    backend = OnnxRuntimeBackend(OnnxRuntimeConfig())
    run_graph = plainly("onnxruntime", backend, ServingLimits(bound_ms=UNHURRIED_MS))
    return ClipRecognizer(ClipConfig(model=str(path)), None, run_graph)


def streamed(
    model: StepModel,
    data: DataSet,
    videos: Iterable[int],
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[Streamed]:
    """Run videos through a recogniser, frame by frame as a source would give them.

    Args:
        model: The recogniser, of iMiGUE's classes.
        data: Where the videos are.
        videos: Their numbers.
        tell: Hears what is being run.

    Raises:
        UsageError: A video is damaged.
        ModelError: The recogniser broke.
    """
    known = {video.number: video for video in data.videos}
    for number in videos:
        tell(f"streaming video {number:04d}")
        poses = data.poses(number)
        traced = trace(_CONFIG, model, poses_as_samples(poses, data.rate_hz))
        clips = tidied(data.clips(number), poses.frames).clips
        ticks = round(poses.frames * RATE_HZ / data.rate_hz)
        yield Streamed(
            _sequence(model, traced, clips, ticks, data.rate_hz, person_of(known[number])),
            traced.events,
        )


def judged_online(streams: Sequence[Streamed]) -> Report:
    """Events one to one, and as the challenge's kit counts them; intervals over people."""
    return evaluate_events(
        [stream.sequence for stream in streams], [stream.found for stream in streams]
    )


def _sequence(
    model: StepModel,
    traced: Trace,
    clips: Sequence[LabelledClip],
    ticks: int,
    rate_hz: float,
    person: str,
) -> ScoredSequence:
    starts = [clip.start_frame * RATE_HZ / rate_hz for clip in clips]
    ends = [(clip.end_frame + 1) * RATE_HZ / rate_hz for clip in clips]
    classes = [clip.class_index for clip in clips]
    at = np.rint(traced.times_s * RATE_HZ).astype(np.int64)
    within = (at >= 0) & (at < ticks)
    scores = np.full((ticks, len(CLASS_IDS)), np.nan, np.float32)
    columns = [CLASS_IDS.index(label.id) for label in model.labels]
    scores[np.ix_(at[within], columns)] = traced.scores[within]
    valid = np.zeros(ticks, np.bool_)
    valid[at[within]] = True
    return ScoredSequence(
        scores=scores,
        truths=events_from_ticks(classes, starts, ends, RATE_HZ),
        labels=_labels(starts, ends, classes, valid),
        valid=valid,
        unit=person,
    )


def _labels(
    starts: Sequence[float],
    ends: Sequence[float],
    classes: Sequence[int],
    valid: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int8]:
    """Of each tick; where two classes overlap, the one that begins later."""
    labels = np.full(len(valid), NONE_INDEX, np.int8)
    for start, end, class_index in zip(starts, ends, classes, strict=True):
        labels[round(start) : round(end)] = class_index
    labels[~valid] = IGNORE
    return labels
