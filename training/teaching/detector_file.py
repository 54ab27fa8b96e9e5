"""A taught detector as a file that the recogniser `clip` serves."""

import copy
from pathlib import Path

import torch

from engine.labels import Label
from plugins.recognizers.clip.metadata import Activation, ClassName, ClipMetadata, ServedBy
from plugins.recognizers.model_metadata import Provenance
from training.clips.live_file import write_live_window
from training.teaching.background import STRIDE
from training.teaching.detector_form import DetectorForm
from training.teaching.lesson import Lesson, operating_point
from training.zoo.clip_model import ClipEncoder

ONSET, OFFSET = 0.6, 0.4
METHOD = "taught"


def form_of(encoder: ClipEncoder, lesson: Lesson) -> DetectorForm:
    """A lesson as a network, on the processor.

    A standard deviation of the background's score is one logit, and the threshold is the onset.

    Args:
        encoder: The one that the lesson was learned with; it is not changed.
        lesson: What was learned.
    """
    taught = lesson.detector
    return DetectorForm(
        copy.deepcopy(encoder).cpu().eval(),
        lesson.window,
        lesson.ball,
        torch.tensor(taught.direction, dtype=torch.float64),
        threshold=taught.threshold,
        gain=1.0 / lesson.spread,
        at_threshold=ONSET,
    )


def write_detector(
    encoder: ClipEncoder, lesson: Lesson, label: Label, path: Path, date: str
) -> ClipMetadata:
    """Write it; its scores describe the middle of the window.

    Args:
        encoder: The one that the lesson was learned with; it is not changed.
        lesson: What was learned.
        label: What to call it; one of its own.
        path: Where to.
        date: As the caller wants it.

    Returns:
        What the file says of itself.

    Raises:
        UsageError: It cannot be written.
        ModelError: The label cannot be used.
    """
    taught = lesson.detector
    form = form_of(encoder, lesson)
    metadata = ClipMetadata(
        method=f"{METHOD}, {encoder.description.name}",
        paper=encoder.description.paper,
        served_by=ServedBy.WINDOW,
        window=lesson.window.ticks,
        stride=STRIDE,
        delay=lesson.window.ticks // 2,
        labels=(ClassName.of(label),),
        background=False,
        activation=Activation.SIGMOID,
        operating_points={label.slug: operating_point(ONSET, OFFSET)},
        provenance=Provenance(date=date, parameters=encoder.parameter_count),
        metrics={
            "examples": taught.examples,
            "examples_found_left_out": taught.examples_found,
            "false_alarms_per_min": lesson.alarms_per_min,
            "chance_of_a_worse_session": taught.false_alarm_rate,
            "held_out_sessions": taught.held_out,
            "held_out_minutes": lesson.minutes,
            "held_out_alarms": lesson.alarms,
        },
    )
    return write_live_window(form, metadata, path)
