"""Every knob of a training run; saved beside it as JSON."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from plugins.recognizers.graph.relations import CHANNELS
from training.network.config import NetworkConfig

Share = Annotated[float, Meta(ge=0, le=1)]
NotNegative = Annotated[float, Meta(ge=0, le=1e9)]
Positive = Annotated[float, Meta(gt=0, le=1e9)]
Count = Annotated[int, Meta(ge=0)]
AtLeastOne = Annotated[int, Meta(ge=1)]


class _Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part."""


class DataConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which ticks are learnt from.

    Attributes:
        folder: Where `simulate` wrote its shards.
        crop_ticks: Length of a crop; 250 is ten seconds.
        batch: Crops in a step.
        balanced: Part of the crops that are laid around an event of a drawn class.
        tau: Classes are drawn in proportion to their events to this power: 1 as they come, 0 all
            alike.
        boundary_ticks: Distance to a start or end within which the bounds heads must say so.
        steps_per_epoch: Steps in an epoch; 0 for as many ticks as the shards have.
        validation_sequences: Sequences that the loss after each epoch is taken from.
    """

    folder: str = "out/shards"
    crop_ticks: AtLeastOne = 250
    batch: AtLeastOne = 16
    balanced: Share = 0.6
    tau: Share = 0.4
    boundary_ticks: NotNegative = 4.0
    steps_per_epoch: Count = 0
    validation_sequences: AtLeastOne = 64


class AugmentConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the input is disturbed; all 0 turns it off.

    Attributes:
        noise: White noise a tick, in parts of a channel's own spread.
        offset: Constant error of a joint's channel over a crop, in the same unit.
        gain: Relative error of a whole channel over a crop.
        optional_drop: Chance that an optional channel (hand size, depth) is missing in a crop.
        hand_drop: Chance that the fingertips of a hand vanish for a while.
        joint_drop: Chance that one joint vanishes for a while.
        gap: Chance of a stretch without any pose.
        mirror: Chance that left and right are exchanged.
        late_start: Chance that nothing is seen at the beginning of a crop.
        longest_s: The longest of these stretches.
    """

    noise: NotNegative = 0.08
    offset: NotNegative = 0.12
    gain: NotNegative = 0.06
    optional_drop: Share = 0.2
    hand_drop: Share = 0.2
    joint_drop: Share = 0.02
    gap: Share = 0.1
    mirror: Share = 0.5
    late_start: Share = 0.15
    longest_s: Positive = 3.0


class LossConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is minimised.

    Attributes:
        weighting: Weight of a class: `none`, `sqrt` of the inverse frequency, or `effective`
            number of samples (Cui et al., CVPR 2019).
        heaviest: Largest ratio between two class weights.
        smoothing: Part of a target spread over all classes.
        logit_adjustment: Times log prior added to the logits in training (Menon et al., ICLR
            2021); 0 off.
        group: Weight of the group head's cross-entropy.
        bounds: Weight of the start and end heads' cross-entropy.
        bounds_positive: Weight of a tick at a boundary against one that is not.
        steadiness: Weight of the truncated squared change of log-probabilities from tick to tick
            (Farha and Gall, CVPR 2019).
    """

    weighting: Literal["none", "sqrt", "effective"] = "none"
    heaviest: Positive = 8.0
    smoothing: Share = 0.05
    logit_adjustment: NotNegative = 0.0
    group: NotNegative = 0.3
    bounds: NotNegative = 0.2
    bounds_positive: Positive = 4.0
    steadiness: NotNegative = 0.05


class OptimConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it is minimised: AdamW, warm-up then cosine, averaged weights.

    Attributes:
        epochs: Times over the shards.
        lr: Highest learning rate.
        weight_decay: Of AdamW.
        warmup_steps: Steps until the highest rate.
        last_lr: Rate at the end, in parts of the highest.
        clip: Largest norm of the gradient.
        ema: Share of the old average kept at a step.
    """

    epochs: AtLeastOne = 12
    lr: Positive = 2e-3
    weight_decay: NotNegative = 0.02
    warmup_steps: Count = 100
    last_lr: Share = 0.02
    clip: Positive = 1.0
    ema: Share = 0.998


class TrainConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole run.

    Attributes:
        seed: Of weights, order and disturbances.
        device: `auto`, `cpu`, `cuda` or `cuda:N`.
        threads: CPU threads; a fixed number makes a run repeatable bit by bit.
        precision: `bfloat16` nearly halves the time on a GPU or a CPU that has it in hardware, and
            crawls on others.
        minutes: Time budget: epochs are cut so that it is kept; 0 for none.
        network: The network; the channels it takes are those it is trained on.
        data: Its data.
        augment: Disturbances of the input.
        loss: What is minimised.
        optim: How.
    """

    seed: Count = 0
    device: str = "auto"
    threads: AtLeastOne = 2
    precision: Literal["float32", "bfloat16"] = "float32"
    minutes: NotNegative = 0.0
    network: NetworkConfig = msgspec.field(default_factory=lambda: NetworkConfig(channels=CHANNELS))
    data: DataConfig = msgspec.field(default_factory=DataConfig)
    augment: AugmentConfig = msgspec.field(default_factory=AugmentConfig)
    loss: LossConfig = msgspec.field(default_factory=LossConfig)
    optim: OptimConfig = msgspec.field(default_factory=OptimConfig)
