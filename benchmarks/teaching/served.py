"""A lesson as the file that `teach` writes, in the engine's own core."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.teaching.lessons import Cell
from benchmarks.teaching.material import LABEL, Filmed
from engine.clock import NS_PER_S
from engine.config import Config
from engine.core.batch import LoneStream
from engine.core.stream import StreamCore
from engine.errors import ModelError
from engine.messages import GestureEvent
from training.clips.online import opened
from training.teaching.detector_file import write_detector
from training.teaching.lesson import Lesson
from training.zoo.clip_model import ClipEncoder

_NEAR_S = 0.041


def check_served(encoder: ClipEncoder, cell: Cell, lesson: Lesson, films: Iterable[Filmed]) -> int:
    """How many events the written file gives live, which are those that figures rest on.

    Args:
        encoder: The one that the lesson was learned with.
        cell: Where it was learned.
        lesson: What was learned.
        films: Sessions.

    Raises:
        ModelError: The file gives other events.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "taught.onnx"
        write_detector(encoder, lesson, LABEL, path, "")
        return sum(_checked(path, cell, lesson, film) for film in films)


def _checked(path: Path, cell: Cell, lesson: Lesson, film: Filmed) -> int:
    served = _served(path, film)
    stepped = [(event.start_s, event.end_s) for event in cell.events(lesson, film)]
    if not _alike(served, stepped):
        raise ModelError(
            f"the written detector gives other events than what figures rest on: {served} s live, "
            f"{stepped} s step by step"
        )
    return len(served)


def _served(path: Path, film: Filmed) -> list[tuple[float, float]]:
    model = opened(path)
    try:
        stream = LoneStream(StreamCore(Config(), model), model)
        decisions = [one for sample in film.samples for one in stream.step(sample)]
        decisions += stream.finish()
    finally:
        model.close()
    origin_ns = film.samples[0].capture_ns
    return [
        ((body.t_start_ns - origin_ns) / NS_PER_S, (body.t_end_ns - origin_ns) / NS_PER_S)
        for body in (one.body for one in decisions)
        if isinstance(body, GestureEvent) and body.t_end_ns is not None
    ]


def _alike(one: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]) -> bool:
    """To a tick."""
    return len(one) == len(other) and all(
        abs(a - b) <= _NEAR_S
        for pair in zip(one, other, strict=True)
        for a, b in zip(*pair, strict=True)
    )
