"""What a model file says about itself, and whether this engine can serve it."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from engine.config import ClassDecoderConfig
from engine.labels import BY_ID
from engine.skeletons import HOLISTIC_75, IMIGUE_22
from plugins.recognizers import model_metadata
from plugins.recognizers.graph.relations import CHANNELS
from plugins.recognizers.model_metadata import Provenance

METADATA_KEY = "fidget.model"
"""Key of the one metadata property of the ONNX file; its value is JSON."""

SCHEMA_VERSION = 1

Ticks = Annotated[int, Meta(ge=0)]


class ModelMetadata(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything needed to serve a model.

    Attributes:
        schema_version: Of this structure.
        skeleton: Joint set of the input of the recogniser.
        joints: Names of the 22 joints, in the order of the network's input.
        channels: Input channels in order, some of `relations.CHANNELS`; what is not named is not
            needed.
        rate_hz: Ticks a second.
        receptive_field: Ticks that can influence one output.
        delay: Ticks of look-ahead: outputs at tick t describe tick t - delay.
        labels: iMiGUE ids of the class outputs but the last, which is "none".
        covered: Those of them that it was trained to tell; the others are never scored.
        groups: Names of the group outputs.
        group_of: Index into `groups` for each class output.
        temperature: Class logits are divided by it.
        group_weight: How much the group head counts beside the class head.
        contrast: How much the likeliest place of a hand at the head gains over the others; 1 is
            nothing. See `fusion`.
        operating_points: Class slug to decoder settings that suit this model.
        provenance: Where the weights come from.
        metrics: Name to value, as measured after training.
    """

    schema_version: int = SCHEMA_VERSION
    skeleton: str = HOLISTIC_75.name
    joints: tuple[str, ...] = IMIGUE_22.joints
    channels: tuple[str, ...]
    rate_hz: Annotated[float, Meta(gt=0)] = 25.0
    receptive_field: Annotated[int, Meta(ge=1)]
    delay: Ticks = 0
    labels: tuple[int, ...]
    covered: tuple[int, ...]
    groups: tuple[str, ...]
    group_of: tuple[Ticks, ...]
    temperature: Annotated[float, Meta(gt=0)] = 1.0
    group_weight: Annotated[float, Meta(ge=0)] = 0.0
    contrast: Annotated[float, Meta(ge=1, le=16)] = 1.0
    operating_points: dict[str, ClassDecoderConfig] = {}
    provenance: Provenance = Provenance()
    metrics: dict[str, float] = {}


def decode(properties: Mapping[str, str], name: str) -> ModelMetadata:
    """Read and check the metadata of a model file.

    Args:
        properties: Metadata properties of the file.
        name: What to call the file in messages.

    Raises:
        ModelError: It is not a model of ours, of a newer version, or not servable here.
    """
    metadata = model_metadata.decode(
        properties, ModelMetadata, key=METADATA_KEY, newest=SCHEMA_VERSION, name=name
    )
    model_metadata.refuse(_problems(metadata), name)
    return metadata


def _problems(metadata: ModelMetadata) -> list[str]:
    """What makes the model unfit for this engine, in the order of what to tell first."""
    problems = []
    if metadata.skeleton != HOLISTIC_75.name:
        problems.append(
            f"expects the skeleton '{metadata.skeleton}', this recogniser gives "
            f"'{HOLISTIC_75.name}'"
        )
    if metadata.joints != IMIGUE_22.joints:
        problems.append(f"expects other joints than '{IMIGUE_22.name}': {list(metadata.joints)}")
    unknown = [channel for channel in metadata.channels if channel not in CHANNELS]
    if unknown:
        problems.append(f"needs the channels {unknown}, known are {list(CHANNELS)}")
    foreign = [label for label in metadata.labels if label not in BY_ID]
    if foreign or len(set(metadata.labels)) != len(metadata.labels):
        problems.append(f"its labels are not distinct iMiGUE ids: {list(metadata.labels)}")
    if not metadata.covered or not set(metadata.covered) <= set(metadata.labels):
        problems.append(f"covers what it has no output for: {list(metadata.covered)}")
    if len(metadata.group_of) != len(metadata.labels) + 1:
        problems.append("must name the group of each class and of none")
    if any(group >= len(metadata.groups) for group in metadata.group_of):
        problems.append("names a group that it does not have")
    slugs = {BY_ID[label].slug for label in metadata.covered if label in BY_ID}
    strangers = sorted(set(metadata.operating_points) - slugs)
    if strangers:
        problems.append(f"has operating points for classes that it does not score: {strangers}")
    return problems
