"""Builds the parts of a run from its configuration."""

import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from engine import registry
from engine.clock import Clock
from engine.commands.serving import run_graph_of
from engine.commands.source_spec import resolve
from engine.config import Config
from engine.contracts import GroupEstimator, PoseEstimator, Source, StepModel
from engine.core.class_rules import class_rules
from engine.emotion_weights import FittedWeights, load_weights
from engine.errors import ConfigError, PluginError
from engine.labels import LABELS
from engine.person import PersonCalibration, check_recognizer, load_person
from engine.skeletons import HOLISTIC_75

_PACKAGES = (
    *("fidget", "mediapipe", "numpy", "opencv-contrib-python", "av", "msgspec", "pyzmq"),
    *("onnxruntime", "openvino", "ai-edge-litert", "torch", "tensorrt", "tensorrt-rtx-cu13"),
)


def versions() -> dict[str, str]:
    """Versions of this program, Python and what decides its results."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def make_source(spec: str, options: dict[str, Any]) -> Source[Any]:
    """The source that `spec` means, not yet open.

    Raises:
        PluginError: No such plugin.
        ConfigError: A bad option.
    """
    plugin, target = resolve(spec)
    source: Source[Any] = registry.create("sources", plugin, options, target)
    return source


def options_for(config: Config, spec: str) -> dict[str, Any]:
    """The configured source options if `spec` means the plugin they are for, else none."""
    same = resolve(spec)[0] == resolve(config.source.use)[0]
    return config.source.options if same else {}


def make_person(config: Config, clock: Clock) -> PersonCalibration | None:
    """The calibration the configuration names, checked.

    Raises:
        CalibrationError: It cannot be used.
    """
    if not config.person.file:
        return None
    return load_person(
        Path(config.person.file),
        now_wall_ns=clock.pair().wall_ns,
        max_age_days=config.person.max_age_days,
        skeleton=HOLISTIC_75.name,
    )


def make_weights(config: Config) -> FittedWeights | None:
    """The fitted weights of evidence the configuration names, checked; None for the shipped table.

    Raises:
        CalibrationError: They cannot be used.
    """
    chosen = config.emotion
    if not (chosen.enabled and chosen.weights):
        return None
    return load_weights(Path(chosen.weights), allow_synthetic=chosen.allow_synthetic_weights)


@contextmanager
def pose_estimator(config: Config) -> Iterator[PoseEstimator]:
    """The pose plugin, told how many people to track and warmed up; closed at the end.

    Raises:
        PluginError: No such plugin.
        ConfigError: It cannot track so many.
        ModelError: It cannot be loaded.
    """
    estimator: PoseEstimator = registry.create("pose", config.pose.use, config.pose.options)
    try:
        if config.people.most > 1:
            _track(estimator, config)
        estimator.warm_up()
        yield estimator
    finally:
        estimator.close()


def _track(estimator: PoseEstimator, config: Config) -> None:
    if isinstance(estimator, GroupEstimator):
        estimator.track(config.people.most)
        return
    able = ", ".join(f"'{name}'" for name in registry.names("pose") if _tracks_several(name))
    raise ConfigError(
        f"[people] most: the pose plugin '{config.pose.use}' tracks one person, got "
        f"{config.people.most}; take one that tracks several: {able or 'none is installed'}"
    )


def _tracks_several(name: str) -> bool:
    try:
        return hasattr(registry.plugin_class("pose", name), "track")
    except PluginError:
        return False


@contextmanager
def recognizer(
    config: Config,
    person: PersonCalibration | None,
    rooms: Sequence[int] = (1,),
    *,
    live: bool = False,
) -> Iterator[StepModel]:
    """The recogniser plugin, warmed up; closed at the end.

    Args:
        config: The configuration.
        person: Calibration of the person in view; None when there are several streams.
        rooms: Rows to have, as they are asked for one time after the other.
        live: Whether ticks come in their own time.

    Raises:
        PluginError: No such plugin.
        ModelError: It cannot be loaded.
        ConfigError: The decoder's settings do not fit it.
        CalibrationError: The person's rates were counted by another recogniser.
    """
    chosen, run_graph = config.recognizer, run_graph_of(config.backend, live=live)
    model: StepModel = registry.create("recognizers", chosen.use, chosen.options, person, run_graph)
    try:
        class_rules(config.decoder, model.labels, model.operating_points)
        check_person(config, person, model)
        for streams in rooms:
            model.reserve(streams)
        model.warm_up()
        yield model
    finally:
        model.close()


def check_person(config: Config, person: PersonCalibration | None, model: StepModel) -> None:
    """Refuse a calibration whose rates were counted by another recogniser.

    Raises:
        CalibrationError: They were.
    """
    if person is not None:
        check_recognizer(Path(config.person.file), person, identity(config, model))


def identity(config: Config, model: StepModel) -> str:
    """`name@hash` of a recogniser: recordings and calibrations say which one they are of."""
    return f"{config.recognizer.use}@{model.model_hash}"


def coverage(model: StepModel) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Slugs of the classes a recogniser covers, and of those of iMiGUE that it does not."""
    covered = tuple(label.slug for label in model.labels)
    return covered, tuple(label.slug for label in LABELS if label.slug not in covered)
