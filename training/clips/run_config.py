"""Every knob of a run of one model of the zoo; saved beside it as JSON."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from engine.errors import ConfigError
from training.clips.live_form import LiveForm
from training.clips.recipe import ClipRecipe
from training.labels import CLASS_COUNT
from training.zoo.clip_model import ClipModel
from training.zoo.zoo import ZOO, build


class ClipRunConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole run.

    Attributes:
        model: One of `ZOO`.
        sizes: Of the model, as its own configuration has them; `completed` adds its defaults.
        data: Folder of the data set.
        protocol: Which videos train and which test.
        validation_share: Part of the people of the training side who are not trained on, to draw
            curves of; 0 for nobody, as published protocols have it. A protocol with validation
            videos of its own takes those instead.
        device: `auto`, `cpu`, `cuda` or `cuda:N`.
        threads: CPU threads; a fixed number makes a run repeatable bit by bit.
        precision: `auto` is bfloat16 on a GPU, where torch deems it safe, and float32 elsewhere.
        recipe: How it is fitted.
        live: Whether it is to be served live: it learns from windows of whole videos, in which
            mostly nothing happens, in place of clips.
        form: Of these windows.
    """

    model: str
    sizes: dict[str, Any] = {}
    data: str = "out/synthetic"
    protocol: Literal["cross-subject", "miga"] = "cross-subject"
    validation_share: Annotated[float, Meta(ge=0, le=0.5)] = 0.1
    device: str = "auto"
    threads: Annotated[int, Meta(ge=1)] = 2
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    recipe: ClipRecipe = msgspec.field(default_factory=ClipRecipe)
    live: bool = False
    form: LiveForm = msgspec.field(default_factory=LiveForm)

    def built(self) -> ClipModel:
        """The model with random weights, from torch's own generator."""
        return build(self.model, **self.sizes)


def completed(config: ClipRunConfig) -> ClipRunConfig:
    """With all sizes of its model, so that each can be seen and changed by its name.

    A model for live use has a class for nothing.

    Raises:
        ConfigError: There is no such model, or no such size.
    """
    if config.model not in ZOO:
        raise ConfigError(f"unknown model '{config.model}': expected one of {', '.join(ZOO)}")
    kind = ZOO[config.model].Config
    own = {"classes": CLASS_COUNT} if config.live and "classes" in kind.__struct_fields__ else {}
    try:
        sizes = msgspec.convert({**config.sizes, **own}, kind)
    except msgspec.ValidationError as error:
        known = ", ".join(kind.__struct_fields__)
        raise ConfigError(f"sizes of {config.model}: {error}; there are {known}") from error
    # As JSON gives them back: a tuple would not equal the list that is read.
    plain = msgspec.json.decode(msgspec.json.encode(sizes))
    return msgspec.structs.replace(config, sizes=plain)
