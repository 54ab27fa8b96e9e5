"""A run of a model of the zoo as a file that the engine serves."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from engine.errors import ConfigError
from engine.labels import LABELS
from plugins.recognizers.clip.metadata import ClassName, ClipMetadata, ServedBy
from plugins.recognizers.clip.model_file import read_clip_model
from plugins.recognizers.model_metadata import Provenance
from training.clips.clip_set import person_of
from training.clips.live_calibration import chosen_points, chosen_temperature
from training.clips.live_file import described_anew, write_live_model
from training.clips.load_run import load_clip_run
from training.clips.online import opened, streamed
from training.clips.parts import cut_of
from training.clips.protocols import clip_split
from training.clips.run_config import ClipRunConfig
from training.clips.run_folder import ClipDataInfo, ClipRunFolder
from training.datasets.opening import open_dataset
from training.fitting.calibration import Calibration
from training.runs.commit import commit
from training.zoo.clip_model import ClipClassifier, ClipModel

NLL_BEFORE, NLL_AFTER = "held_out_nll_uncalibrated", "held_out_nll"
"""Metrics of the file: mean negative log likelihood of a window of people held out."""


def export_live(
    folder: Path, path: Path, date: str = "", tell: Callable[[str], None] = lambda _: None
) -> ClipMetadata:
    """Write a run as a live model, its temperature and thresholds chosen on people held out.

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
    people = files.data().validation_people
    return _calibrated(servable, path, config, people, tell) if people else said


def described(
    model: ClipClassifier,
    config: ClipRunConfig,
    data: ClipDataInfo,
    *,
    date: str = "",
    metrics: dict[str, float] | None = None,
) -> ClipMetadata:
    """What the file of a run will say, but for what is chosen on people held out.

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


def _calibrated(
    model: ClipClassifier,
    path: Path,
    config: ClipRunConfig,
    people: Sequence[str],
    tell: Callable[[str], None],
) -> ClipMetadata:
    """Have a file say what is chosen on people held out: thresholds suit the temperature."""
    data = open_dataset(Path(config.data))
    split = clip_split(data, config.protocol)
    usable = {*split.train, *split.validation}
    videos = [v.number for v in data.videos if v.number in usable and person_of(v) in people]
    found = chosen_temperature(model, cut_of(config)(data, videos, tell=tell))
    said = described_anew(path, _tempered(read_clip_model(path).metadata, found))
    served = opened(path)
    try:
        points = chosen_points(list(streamed(served, data, videos, tell)))
    finally:
        served.close()
    return described_anew(path, msgspec.structs.replace(said, operating_points=points))


def _tempered(said: ClipMetadata, found: Calibration) -> ClipMetadata:
    assert found.before is not None
    assert found.after is not None
    nll = {NLL_BEFORE: found.before.nll, NLL_AFTER: found.after.nll}
    return msgspec.structs.replace(said, temperature=found.temperature, metrics=said.metrics | nll)


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
