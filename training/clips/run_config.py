"""Every knob of a run of one model of the zoo; saved beside it as JSON."""

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from engine.errors import ConfigError
from training.clips.live_form import LiveForm
from training.clips.recipe import ClipRecipe
from training.labels import CLASS_COUNT
from training.runs.weights import load_weights
from training.zoo.clip_model import CLIP_CLASSES, ClipEncoder, ClipModel
from training.zoo.tuned import tuned_classifier
from training.zoo.zoo import ZOO, build


class ClipRunConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole run.

    Attributes:
        model: One of `ZOO`.
        sizes: Of the model, as its own configuration has them; `completed` adds its defaults.
        encoder_digest: Of the pretrained weights that it begins from (`weights_digest`): then the
            model is an encoder, and what is trained is a classifier on it. Empty for all others.
            `train --encoder` fills it in.
        data: Folder of the data set.
        protocol: Which videos train and which test.
        labels_per_class: Clips of each class to train on, drawn by the recipe's seed; 0 for all
            there are. Not of windows for live use, which are no labels.
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
    encoder_digest: str = ""
    data: str = "out/synthetic"
    protocol: Literal["cross-subject", "miga"] = "cross-subject"
    labels_per_class: Annotated[int, Meta(ge=0)] = 0
    validation_share: Annotated[float, Meta(ge=0, le=0.5)] = 0.1
    device: str = "auto"
    threads: Annotated[int, Meta(ge=1)] = 2
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    recipe: ClipRecipe = msgspec.field(default_factory=ClipRecipe)
    live: bool = False
    form: LiveForm = msgspec.field(default_factory=LiveForm)

    def built(self, start: Path | None = None) -> ClipModel:
        """The model with random weights, from torch's own generator.

        Args:
            start: Weights of the encoder that it begins from; those are random too without it.

        Raises:
            ConfigError: They are not of this encoder.
        """
        model = build(self.model, **self.sizes)
        if not self.encoder_digest:
            return model
        assert isinstance(model, ClipEncoder)
        if start is not None:
            load_weights(model, start)
        return tuned_classifier(model, CLASS_COUNT if self.live else CLIP_CLASSES)


def completed(config: ClipRunConfig) -> ClipRunConfig:
    """With all sizes of its model, so that each can be seen and changed by its name.

    A model for live use has a class for nothing.

    Raises:
        ConfigError: There is no such model, or no such size, or it is no encoder to begin from.
    """
    if config.model not in ZOO:
        raise ConfigError(f"unknown model '{config.model}': expected one of {', '.join(ZOO)}")
    if config.encoder_digest and not issubclass(ZOO[config.model], ClipEncoder):
        raise ConfigError(f"encoder_digest: {config.model} is no encoder to begin from")
    if config.labels_per_class and config.live:
        raise ConfigError(
            "labels_per_class: counts labelled clips, and a live run learns from windows of whole "
            "videos; leave one of the two out"
        )
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
