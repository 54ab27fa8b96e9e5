"""What the file of a clip model says about itself, and whether this engine can serve it."""

from collections.abc import Mapping
from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from engine.config import ClassDecoderConfig
from engine.errors import ModelError
from engine.labels import BY_ID, Label, check_labels, own_label
from engine.skeletons import IMIGUE_22
from plugins.recognizers import model_metadata
from plugins.recognizers.model_metadata import Provenance

METADATA_KEY = "fidget.clip_model"
"""Key of the one metadata property of the ONNX file; its value is JSON."""

SCHEMA_VERSION = 1

CHANNELS = 3
"""x, y, confidence."""

Ticks = Annotated[int, Meta(ge=1, le=10_000)]


class ServedBy(str, Enum):
    """How a model of clips was made to say something at every tick.

    Attributes:
        STEPS: The network takes a tick at a time and keeps its own memory.
        WINDOW: The network takes the last ticks at once, now and then; in between its last word
            stands.
    """

    STEPS = "steps"
    WINDOW = "window"


class Activation(str, Enum):
    """How logits become scores.

    Attributes:
        SOFTMAX: One thing at a time: scores sum to 1, with that of "none" where there is one.
        SIGMOID: Each class by itself.
    """

    SOFTMAX = "softmax"
    SIGMOID = "sigmoid"


class ClassName(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class, as `engine.labels.Label` has it.

    Attributes:
        id: iMiGUE's, or 1000 and more.
        slug: Short name.
        name: For people.
    """

    id: int
    slug: str
    name: str

    def label(self) -> Label:
        """The engine's label.

        Raises:
            ModelError: It is neither one of iMiGUE's nor a sound one of its own.
        """
        known = BY_ID.get(self.id)
        if known is not None and known.slug == self.slug:
            return known
        return own_label(self.id, self.slug, self.name)

    @classmethod
    def of(cls, label: Label) -> "ClassName":
        """Of the engine's label."""
        return cls(id=label.id, slug=label.slug, name=label.name)


class ClipMetadata(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything needed to serve a model, and what a user should know of it.

    Outputs rest on the last `window` ticks, of which those in a gap are zeros. Of a stream that has
    not lasted so long, steps have read what there is; windows begin with zeros.

    Attributes:
        schema_version: Of this structure.
        method: What tables call it, such as `lstm`.
        paper: Authors, venue and year.
        joints: Names of the 22 joints, in the order of the network's input.
        rate_hz: Ticks a second.
        served_by: See `ServedBy`.
        window: Ticks that an output of the network rests on.
        stride: Ticks from one run of the network to the next; 1 for steps.
        delay: Ticks of look-ahead: scores at tick t describe tick t - delay.
        labels: Of the outputs, without "none".
        background: Whether one more output, the last, is "none".
        activation: How outputs become scores.
        temperature: Outputs are divided by it.
        operating_points: Class slug to decoder settings that suit this model.
        cost_ms: What a run of the network took where it was exported, one stream, one thread of the
            processor; 0 if not measured.
        data: What it was trained on.
        synthetic: Whether nobody in that exists.
        provenance: Where the weights come from.
        metrics: Name to value, as measured after training.
    """

    schema_version: int = SCHEMA_VERSION
    method: str
    paper: str = ""
    joints: tuple[str, ...] = IMIGUE_22.joints
    rate_hz: Annotated[float, Meta(gt=0, le=1000)] = 25.0
    served_by: ServedBy
    window: Ticks
    stride: Ticks = 1
    delay: Annotated[int, Meta(ge=0)] = 0
    labels: Annotated[tuple[ClassName, ...], Meta(min_length=1)]
    background: bool
    activation: Activation = Activation.SOFTMAX
    temperature: Annotated[float, Meta(gt=0)] = 1.0
    operating_points: dict[str, ClassDecoderConfig] = {}
    cost_ms: Annotated[float, Meta(ge=0)] = 0.0
    data: str = ""
    synthetic: bool = False
    provenance: Provenance = Provenance()
    metrics: dict[str, float] = {}

    @property
    def outputs(self) -> int:
        """Logits of the network."""
        return len(self.labels) + self.background

    @property
    def receptive_field(self) -> int:
        """Ticks that can influence one score: between two runs the last word stands."""
        return self.window + self.stride - 1

    @property
    def row(self) -> tuple[int, ...]:
        """Shape of one stream's input of the network."""
        tick = (len(self.joints), CHANNELS)
        return tick if self.served_by is ServedBy.STEPS else (self.window, *tick)


def decode(properties: Mapping[str, str], name: str) -> ClipMetadata:
    """Read and check the metadata of a model file.

    Args:
        properties: Metadata properties of the file.
        name: What to call the file in messages.

    Raises:
        ModelError: It is not a clip model of ours, of a newer version, or not servable here.
    """
    metadata = model_metadata.decode(
        properties, ClipMetadata, key=METADATA_KEY, newest=SCHEMA_VERSION, name=name
    )
    model_metadata.refuse(problems_of(metadata), name)
    return metadata


def problems_of(metadata: ClipMetadata) -> list[str]:
    """What makes the model unfit for this engine, in the order of what to tell first."""
    problems = []
    if metadata.joints != IMIGUE_22.joints:
        problems.append(f"expects other joints than '{IMIGUE_22.name}': {list(metadata.joints)}")
    try:
        check_labels(each.label() for each in metadata.labels)
    except ModelError as error:
        problems.append(str(error))
    if metadata.served_by is ServedBy.STEPS and metadata.stride != 1:
        problems.append(f"is served by steps, one a tick, and claims a stride of {metadata.stride}")
    if metadata.delay >= metadata.receptive_field:
        problems.append(
            f"describes the tick {metadata.delay} before the last, and rests on "
            f"{metadata.receptive_field} ticks only"
        )
    if metadata.activation is Activation.SIGMOID and metadata.background:
        problems.append("scores each class by itself: there is no output for none of them")
    slugs = {each.slug for each in metadata.labels}
    strangers = sorted(set(metadata.operating_points) - slugs)
    if strangers:
        problems.append(f"has operating points for classes that it does not score: {strangers}")
    return problems
