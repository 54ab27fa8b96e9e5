"""Every knob of a pretraining; saved beside the encoder as JSON."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from engine.errors import ConfigError
from training.clips.recipe import ClipRecipe
from training.datasets.published import RATE_HZ
from training.pretraining.disturbance import Disturbance
from training.pretraining.windows import WindowForm
from training.zoo.clip_model import ClipEncoder
from training.zoo.zoo import ZOO, build

ENCODERS = tuple(name for name, kind in ZOO.items() if issubclass(kind, ClipEncoder))


class PretrainConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole run.

    Attributes:
        encoder: One of `ENCODERS`.
        sizes: Of the encoder, as its own configuration has them; `completed` adds its defaults.
        window_s: Length of the windows that it learns from.
        stride_s: From the start of one window to that of the next.
        held_out_share: Part of the streams that are not learned from, to tell the loss of.
        device: `auto`, `cpu`, `cuda` or `cuda:N`.
        threads: CPU threads; a fixed number makes a run repeatable bit by bit.
        recipe: How it is fitted.
        disturb: What it is shown in place of what it must rebuild.
    """

    encoder: str = "us-vae-causal"
    sizes: dict[str, Any] = {}
    window_s: Annotated[float, Meta(ge=1, le=60)] = 4.0
    stride_s: Annotated[float, Meta(ge=0.04, le=60)] = 2.0
    held_out_share: Annotated[float, Meta(ge=0, le=0.5)] = 0.1
    device: str = "auto"
    threads: Annotated[int, Meta(ge=1)] = 2
    recipe: ClipRecipe = msgspec.field(default_factory=ClipRecipe)
    disturb: Disturbance = msgspec.field(default_factory=Disturbance)

    @property
    def form(self) -> WindowForm:
        """Of the windows."""
        return WindowForm(round(self.window_s * RATE_HZ), max(1, round(self.stride_s * RATE_HZ)))

    def built(self) -> ClipEncoder:
        """The encoder with random weights, from torch's own generator."""
        model = build(self.encoder, **self.sizes)
        assert isinstance(model, ClipEncoder)
        return model


def completed(config: PretrainConfig) -> PretrainConfig:
    """With all sizes of its encoder, so that each can be seen and changed by its name.

    Raises:
        ConfigError: There is no such encoder, or no such size.
    """
    if config.encoder not in ENCODERS:
        raise ConfigError(f"encoder '{config.encoder}': expected one of {', '.join(ENCODERS)}")
    kind = ZOO[config.encoder].Config
    try:
        sizes = msgspec.convert(config.sizes, kind)
    except msgspec.ValidationError as error:
        known = ", ".join(kind.__struct_fields__)
        raise ConfigError(f"sizes of {config.encoder}: {error}; there are {known}") from error
    return msgspec.structs.replace(config, sizes=msgspec.to_builtins(sizes))
