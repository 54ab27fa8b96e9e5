"""A model in another precision than it was trained in, and how like the original it is."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from engine.errors import ModelError

VARIANT_KEY = "fidget.variant"
"""Key of the metadata property of an ONNX file that is a variant; its value is JSON."""

SCHEMA_VERSION = 1

Precision = Literal["fp16", "bf16", "int8"]

Count = Annotated[int, Meta(ge=0)]
Error = Annotated[float, Meta(ge=0)]


class Parity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What running a variant beside its original has shown, on material that it was not made with.

    Attributes:
        ran_on: Backend that ran both, with its version.
        material: What they were run on.
        ticks: How many ticks of it.
        output_largest: Largest difference of any output (logits).
        output_mean: Mean of the differences.
        score_largest: Largest difference of any score (0..1).
        score_mean: Mean of the differences.
        events: Gestures that the engine's decoder finds in the scores of the original.
        events_of_variant: Those it finds in the scores of the variant.
        events_shared: Pairs of both, of one class, that overlap by more than half of what they
            cover together.
        largest_start_shift_s: Of those pairs.
        largest_end_shift_s: Of those pairs.
    """

    ran_on: str
    material: tuple[str, ...]
    ticks: Count
    output_largest: Error
    output_mean: Error
    score_largest: Error
    score_mean: Error
    events: Count
    events_of_variant: Count
    events_shared: Count
    largest_start_shift_s: Error
    largest_end_shift_s: Error

    @property
    def agreement(self) -> float:
        """F1 of the variant's events against the original's; 1 if neither has any."""
        both = self.events + self.events_of_variant
        return 2 * self.events_shared / both if both else 1.0

    def __str__(self) -> str:
        """For people."""
        return (
            f"events agree by {self.agreement:.3f} ({self.events_shared} of {self.events} shared, "
            f"{self.events_of_variant} found; shifted by up to {self.largest_start_shift_s:g} s at "
            f"the start, {self.largest_end_shift_s:g} s at the end); scores differ by up to "
            f"{self.score_largest:g} ({self.score_mean:g} on average), outputs by "
            f"{self.output_largest:g} ({self.output_mean:g}); {self.ticks} ticks of "
            f"{', '.join(self.material)} on {self.ran_on}"
        )


class Variant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a variant says about itself.

    Attributes:
        schema_version: Of this structure.
        precision: Of weights and arithmetic, but for the first and the last layers.
        made_from: SHA-256 of the original's file, hex.
        file: `engine.onnx_file.digest_without` this property, hex: what was judged.
        calibration: What ranges were taken from; empty where none are needed.
        tools: Package to version.
        parity: The report; None if nobody made one.
    """

    schema_version: int = SCHEMA_VERSION
    precision: Precision
    made_from: str
    file: str
    calibration: tuple[str, ...] = ()
    tools: dict[str, str] = {}
    parity: Parity | None = None


def encode(variant: Variant) -> str:
    """As JSON, the same bytes for the same values."""
    return msgspec.json.encode(variant, order="sorted").decode()


def decode(properties: Mapping[str, str], name: str) -> Variant | None:
    """Read it from a model's metadata; None if the model is an original.

    Args:
        properties: Metadata properties of the file.
        name: What to call the file in messages.

    Raises:
        ModelError: It is damaged, or of a newer version.
    """
    if VARIANT_KEY not in properties:
        return None
    try:
        version = msgspec.json.decode(properties[VARIANT_KEY], type=_Version).schema_version
        if version <= SCHEMA_VERSION:
            return msgspec.json.decode(properties[VARIANT_KEY], type=Variant)
    except msgspec.MsgspecError as error:
        raise ModelError(f"{name}: its '{VARIANT_KEY}' is damaged: {error}") from error
    raise ModelError(
        f"{name}: its '{VARIANT_KEY}' is of version {version}, this engine reads up to "
        f"{SCHEMA_VERSION}: update the engine, or make the variant with this version"
    )


class _Version(Struct, frozen=True):
    schema_version: int
