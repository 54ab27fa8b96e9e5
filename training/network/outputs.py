"""What the network says about a tick."""

from typing import NamedTuple

from torch import Tensor


class Outputs(NamedTuple):
    """Logits of the three heads, for each clip and tick.

    Attributes:
        class_logits: `(N, T, 33)`, or `(S, 33)` for one tick; indices of `training.labels`.
        group_logits: `(N, T, 7)`, or `(S, 7)`.
        bounds_logits: `(N, T, 2)`, or `(S, 2)`: a gesture starts, a gesture ends.
    """

    class_logits: Tensor
    group_logits: Tensor
    bounds_logits: Tensor
