"""How models of the zoo are fitted, the same for every one."""

from typing import Annotated

from msgspec import Meta, Struct


class ClipRecipe(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same for every model.

    Attributes:
        epochs: Passes over the clips.
        batch: Clips in a step.
        rate: Largest learning rate of AdamW: it rises over the first tenth, and falls to 0.
        decay: Of the weights.
        seed: Of weights, order and dropout.
    """

    epochs: Annotated[int, Meta(ge=1)] = 30
    batch: Annotated[int, Meta(ge=1)] = 32
    rate: Annotated[float, Meta(gt=0)] = 1e-3
    decay: Annotated[float, Meta(ge=0)] = 1e-2
    seed: Annotated[int, Meta(ge=0)] = 0
