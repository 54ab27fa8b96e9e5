"""What the decoder holds each class to: the user's values, the model's, then the general ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from engine.config import ClassDecoderConfig, DecoderConfig
from engine.errors import ConfigError, ModelError
from engine.labels import BY_SLUG, Label

NS_PER_S = 1_000_000_000


@dataclass(frozen=True)
class ClassRule:
    """Settings of one class.

    Attributes:
        onset: A gesture begins when its score reaches this.
        offset: It lasts while the score stays at or above this.
        min_duration_ns: Shorter ones are never published.
        merge_gap_ns: A dip of at most this does not end a gesture.
    """

    onset: float
    offset: float
    min_duration_ns: int
    merge_gap_ns: int


def class_rules(
    config: DecoderConfig,
    labels: tuple[Label, ...],
    operating_points: Mapping[str, ClassDecoderConfig],
) -> tuple[ClassRule, ...]:
    """The rule of each class.

    Each value is the first that is given: in the user's `[decoder.classes]`, in the model's
    operating point, in `[decoder]`. A general value cannot be told from its default, so it never
    overrides an operating point.

    Args:
        config: The user's settings.
        labels: Classes of the model's scores.
        operating_points: Class slug to what the model recommends.

    Raises:
        ModelError: An operating point is of no class of the model, or holds an impossible value.
        ConfigError: The values of a class do not fit together, or are of a class that is neither
            iMiGUE's nor the model's.
    """
    foreign = sorted(set(operating_points) - {label.slug for label in labels})
    if foreign:
        raise ModelError(
            f"the recogniser gives an operating point for '{foreign[0]}', "
            "which is none of its classes"
        )
    _check_classes(config, labels)
    points = {slug: _checked(slug, point) for slug, point in operating_points.items()}
    return tuple(_rule(config, label.slug, points) for label in labels)


def _check_classes(config: DecoderConfig, labels: tuple[Label, ...]) -> None:
    """Classes of iMiGUE that the model does not score may be set: another model scores them."""
    known = (*BY_SLUG, *(label.slug for label in labels if label.slug not in BY_SLUG))
    for slug in config.classes:
        if slug not in known:
            raise ConfigError(
                f"decoder.classes.{slug}: is no class of iMiGUE nor of the recogniser: "
                f"allowed are {', '.join(known)}"
            )


def _checked(slug: str, point: ClassDecoderConfig) -> ClassDecoderConfig:
    """A model makes its points itself: nobody has looked at their values before."""
    try:
        return msgspec.convert(msgspec.to_builtins(point), ClassDecoderConfig)
    except msgspec.ValidationError as error:
        raise ModelError(
            f"the recogniser's operating point for '{slug}' cannot be used: {error}"
        ) from error


def _rule(config: DecoderConfig, slug: str, points: Mapping[str, ClassDecoderConfig]) -> ClassRule:
    layers = (config.classes.get(slug), points.get(slug), config)
    values = {
        field.name: _first_given(layers, field.name)
        for field in msgspec.structs.fields(ClassDecoderConfig)
    }
    onset, offset = values["onset"], values["offset"]
    if offset > onset:
        raise ConfigError(
            f"decoder.classes.{slug}: expected `offset` <= `onset`, got offset {offset:g} and "
            f"onset {onset:g} from your settings and the recogniser's operating point "
            f"({_shown(points.get(slug))}); give both in [decoder.classes.{slug}]"
        )
    return ClassRule(
        onset=onset,
        offset=offset,
        min_duration_ns=round(values["min_duration_s"] * NS_PER_S),
        merge_gap_ns=round(values["merge_gap_s"] * NS_PER_S),
    )


def _first_given(layers: tuple[Any, ...], name: str) -> float:
    given = (getattr(layer, name) for layer in layers if layer is not None)
    first: float = next(value for value in given if value is not None)
    return first


def _shown(point: ClassDecoderConfig | None) -> str:
    values = msgspec.to_builtins(point or ClassDecoderConfig())
    return ", ".join(f"{k} {v:g}" for k, v in values.items() if v is not None) or "none"
