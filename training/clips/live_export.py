"""A run of a model of the zoo as a file that the engine serves."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from engine.config import ClassDecoderConfig, DecoderConfig
from engine.errors import ConfigError
from engine.labels import LABELS
from engine.poses import F32
from plugins.recognizers.clip.metadata import ClassName, ClipMetadata, ServedBy
from plugins.recognizers.model_metadata import Provenance
from training.clips.clip_set import person_of
from training.clips.live_file import described_anew, write_live_model
from training.clips.load_run import load_clip_run
from training.clips.online import Streamed, opened, streamed
from training.clips.protocols import clip_split
from training.clips.run_config import ClipRunConfig
from training.clips.run_folder import ClipDataInfo, ClipRunFolder
from training.datasets.opening import open_dataset
from training.evaluation.sequences import RATE_HZ
from training.fitting.operating_points import Truth, operating_points
from training.runs.commit import commit
from training.zoo.clip_model import ClipClassifier, ClipModel

# No event spans so many ticks of nothing between two videos.
_PAUSE = 50


def export_live(
    folder: Path, path: Path, date: str = "", tell: Callable[[str], None] = lambda _: None
) -> ClipMetadata:
    """Write a run as a live model, its thresholds chosen on people that it was not trained on.

    Args:
        folder: Of a finished run with `live`. Its data set is read again if anybody was held out.
        path: Where to.
        date: Goes into the file.
        tell: Hears what is being done.

    Returns:
        What the file says about itself.

    Raises:
        ConfigError: The run is not finished, or its model cannot be served live.
        UsageError: The data set is damaged, or the file cannot be written.
    """
    files = ClipRunFolder(folder)
    model, config = load_clip_run(folder)
    servable = _servable(model, config, folder)
    metadata = described(servable, config, files.data(), date=date, metrics=_metrics(files))
    said = write_live_model(servable, metadata, path)
    points = _held_out_points(path, config, files.data().validation_people, tell)
    if not points:
        return said
    return described_anew(path, msgspec.structs.replace(said, operating_points=points))


def described(
    model: ClipClassifier,
    config: ClipRunConfig,
    data: ClipDataInfo,
    *,
    date: str = "",
    metrics: dict[str, float] | None = None,
) -> ClipMetadata:
    """What the file of a run will say, but for its operating points.

    A network of windows runs once a stride and its word stands until the next run: half a stride
    more lies between an instant and what is said of it.

    Args:
        model: Trained.
        config: How.
        data: On what.
        date: As the caller wants it.
        metrics: Name to value.
    """
    told, form = model.description, config.form
    stride = 1 if told.streams else form.stride
    return ClipMetadata(
        method=told.name,
        paper=told.paper,
        served_by=ServedBy.STEPS if told.streams else ServedBy.WINDOW,
        window=form.window,
        stride=stride,
        delay=form.delay + (stride - 1) // 2,
        labels=tuple(ClassName.of(label) for label in LABELS),
        background=True,
        data=data.name,
        synthetic=data.synthetic,
        provenance=Provenance(
            seed=config.recipe.seed,
            commit=commit(),
            date=date,
            parameters=model.parameter_count,
        ),
        metrics=metrics or {},
    )


def chosen_points(streams: Sequence[Streamed]) -> dict[str, ClassDecoderConfig]:
    """Thresholds and shortest durations that suit a model.

    Args:
        streams: What it said of whole videos, of people who were not trained on.

    Returns:
        Class slug to settings; empty where no class happens often enough to tell.
    """
    return operating_points(*_timeline(streams), DecoderConfig()) if streams else {}


def _held_out_points(
    path: Path, config: ClipRunConfig, people: Sequence[str], tell: Callable[[str], None]
) -> dict[str, ClassDecoderConfig]:
    if not people:
        return {}
    data = open_dataset(Path(config.data))
    split = clip_split(data, config.protocol)
    usable = {*split.train, *split.validation}
    videos = [v.number for v in data.videos if v.number in usable and person_of(v) in people]
    model = opened(path)
    try:
        return chosen_points(list(streamed(model, data, videos, tell)))
    finally:
        model.close()


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


def _servable(model: ClipModel, config: ClipRunConfig, folder: Path) -> ClipClassifier:
    if not isinstance(model, ClipClassifier):
        raise ConfigError(
            f"{folder}: {config.model} learns without labels and names no gesture, so there is "
            "nothing to serve; export a classifier, or teach a detector on it"
        )
    if not config.live:
        raise ConfigError(
            f"{folder}: was trained on clips that are cut by hand and normalised with what comes "
            "later, and knows no 'nothing': such a model cannot be served live; train it with "
            "`--set live=true`"
        )
    return model


def _metrics(files: ClipRunFolder) -> dict[str, float]:
    """Of windows of people held out, and of test people if it was judged on them."""
    metrics: dict[str, float] = {}
    for part in ("validation", "test"):
        path = files.metrics(part)
        if path.is_file():
            figures: dict[str, Any] = msgspec.json.decode(path.read_bytes())["figures"]
            own = next(iter(figures.values()))
            values = {name: own[name]["value"] for name in ("top1", "top5", "mean_class")}
            metrics |= {f"{part}_{k}": round(v, 4) for k, v in values.items() if v is not None}
    return metrics
