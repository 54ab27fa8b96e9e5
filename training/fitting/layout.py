"""The features as a network takes them: which channels, and what they mean."""

from dataclasses import dataclass

import numpy as np

from engine.errors import ConfigError
from engine.poses import F32
from engine.skeletons import IMIGUE_22
from plugins.recognizers.graph.relations import CHANNELS, MIRROR_SIGN, OPTIONAL_CHANNELS
from training.network.config import DIFFERENCED


@dataclass(frozen=True)
class Layout:
    """What the axes of the features mean.

    Attributes:
        channels: Indices of the channels among those of the shards.
        seen: Index of the channel that says whether a joint is there.
        positions: Indices of the channels of which only differences in time are used.
        optional: Channels a camera or pose network may not give, those together that come together.
        mirror_sign: `(C,)` float32, -1 where a channel changes its sign in a mirror.
        mirror_joint: `(22,)` joint on the other side, itself for those in the middle.
        hands: Joints of each hand's fingertips.
    """

    channels: tuple[int, ...]
    seen: int
    positions: tuple[int, ...]
    optional: tuple[tuple[int, ...], ...]
    mirror_sign: F32
    mirror_joint: tuple[int, ...]
    hands: tuple[tuple[int, ...], ...]


def layout_of(names: tuple[str, ...]) -> Layout:
    """The layout of these channels, in this order.

    Args:
        names: Channels that a network takes.

    Raises:
        ConfigError: The features have no such channel.
    """
    for name in names:
        if name not in CHANNELS:
            raise ConfigError(
                f"network.channels: '{name}' is no feature; expected some of {', '.join(CHANNELS)}"
            )
    channels = tuple(CHANNELS.index(name) for name in names)
    return Layout(
        channels=channels,
        seen=names.index("seen"),
        positions=tuple(names.index(name) for name in DIFFERENCED if name != "seen"),
        optional=_optional(names),
        mirror_sign=np.asarray(MIRROR_SIGN, np.float32)[list(channels)],
        mirror_joint=_mirror_joints(),
        hands=tuple(tuple(range(*IMIGUE_22.parts[part])) for part in ("left_hand", "right_hand")),
    )


def _optional(names: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    """Both coordinates of one thing are there or not there together."""
    things: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        if name in OPTIONAL_CHANNELS:
            things.setdefault(name.removesuffix("_x").removesuffix("_y"), []).append(index)
    return tuple(tuple(indices) for indices in things.values())


def _mirror_joints() -> tuple[int, ...]:
    other = list(range(len(IMIGUE_22)))
    for one, two in IMIGUE_22.mirror_pairs:
        other[one], other[two] = two, one
    return tuple(other)
