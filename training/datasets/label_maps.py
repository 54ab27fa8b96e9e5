"""Which iMiGUE class an index of a packed set means: two maps are in use.

The challenge's code subtracts 1 and puts illustrative last. Another reader takes the raw id
modulo 99, which puts illustrative first and moves all others by one. Both give 0..31.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.labels import BY_ID
from training.labels import CLASS_IDS

_SURE_NATS = 10.0
"""By how much the class frequencies must speak for the rarer map."""


@dataclass(frozen=True)
class LabelMap:
    """A map from index to raw id.

    Attributes:
        name: What it is called here.
        raw: Raw id of each index.
    """

    name: str
    raw: Mapping[int, int]


MINUS_ONE = LabelMap("raw id - 1, illustrative 31", dict(enumerate(CLASS_IDS)))
MODULO = LabelMap("raw id modulo 99, illustrative 0", {raw % 99: raw for raw in CLASS_IDS})


def likely_map(indices: Iterable[int]) -> tuple[LabelMap, bool]:
    """The map under which the indices are as frequent as the paper says of their classes.

    Args:
        indices: Of all clips, each 0..31.

    Returns:
        The map, and whether the frequencies are clear. If not, it is the challenge's.
    """
    counts = Counter(indices)
    gain = _log_likelihood(counts, MODULO) - _log_likelihood(counts, MINUS_ONE)
    return (MODULO if gain > _SURE_NATS else MINUS_ONE), abs(gain) > _SURE_NATS


def _log_likelihood(counts: Mapping[int, int], label_map: LabelMap) -> float:
    return sum(
        count * math.log(BY_ID[label_map.raw[index]].share) for index, count in counts.items()
    )
