"""Small clip models with random weights, exported for the recogniser."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np
import torch

from engine.config import ClassDecoderConfig
from engine.labels import BY_SLUG, own_label
from engine.poses import F32
from plugins.recognizers.clip.metadata import ClassName, ClipMetadata, ServedBy
from plugins.recognizers.clip.recognizer import ClipConfig, ClipRecognizer, softmax
from tests.fakes.running import run_graph
from tests.training.zoo.clips import settled_model
from training.clips.live_file import described_anew, write_live_model
from training.zoo.clip_model import ClipClassifier

WINDOW, STRIDE, DELAY, TEMPERATURE = 12, 3, 4, 1.5
LABELS = (BY_SLUG["touch_jaw"], own_label(1000, "pen_click", "Clicking a pen"), BY_SLUG["akimbo"])
POINTS = {"pen_click": ClassDecoderConfig(onset=0.3, offset=0.2)}

_OF = {ServedBy.STEPS: ("lstm", 1), ServedBy.WINDOW: ("st-gcn", STRIDE)}


def classifier(served_by: ServedBy) -> ClipClassifier:
    """Four outputs: three classes, and none."""
    model = settled_model(_OF[served_by][0])
    assert isinstance(model, ClipClassifier)
    return model


def metadata_of(served_by: ServedBy, **changes: Any) -> ClipMetadata:
    method, stride = _OF[served_by]
    metadata = ClipMetadata(
        method=method,
        served_by=served_by,
        window=WINDOW,
        stride=stride,
        delay=DELAY,
        labels=tuple(ClassName.of(label) for label in LABELS),
        background=True,
        temperature=TEMPERATURE,
        operating_points=POINTS,
    )
    return msgspec.structs.replace(metadata, **changes)


def export_clip_model(path: Path, served_by: ServedBy, **changes: Any) -> Path:
    path.write_bytes(_network(served_by))  # an export takes seconds, other words for it do not
    described_anew(path, metadata_of(served_by, cost_ms=0.5, **changes))
    return path


@cache
def _network(served_by: ServedBy) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        write_live_model(classifier(served_by), metadata_of(served_by), path)
        return path.read_bytes()


def recognizer(path: Path) -> ClipRecognizer:
    return ClipRecognizer(ClipConfig(model=str(path)), None, run_graph)


def offline(served_by: ServedBy, ticks: F32) -> F32:
    """`(T, 3)` beliefs from passes over whole clips, of ticks `(T, 22, 3)` since the last reset."""
    model, rows = classifier(served_by).eval(), []
    for t in range(len(ticks)):
        if served_by is ServedBy.STEPS:
            clip = ticks[max(0, t + 1 - WINDOW) : t + 1]
        else:
            last = t - t % STRIDE
            before = np.zeros((WINDOW, *ticks.shape[1:]), np.float32)
            clip = np.concatenate((before, ticks[: last + 1]))[-WINDOW:]
        with torch.no_grad():
            rows.append(model(torch.from_numpy(clip.copy())[None], torch.tensor([len(clip)]))[0])
    return softmax(torch.stack(rows).numpy() / np.float32(TEMPERATURE))[:, :3]
