"""How well the places of joints are rebuilt."""

from torch import Tensor


def rebuild_error(rebuilt: Tensor, clips: Tensor, seen: Tensor, power: int) -> Tensor:
    """Mean of the differences of x and y, over joints that are there at ticks that count.

    A missing joint has no place that could be rebuilt.

    Args:
        rebuilt: `(N, T, V, 2)`.
        clips: `(N, T, V, 3)`.
        seen: `(N, T)` bool.
        power: 1 for the size of a difference, 2 for its square.
    """
    counts = (clips[..., 2:] > 0) & seen[:, :, None, None]
    differences = (rebuilt - clips[..., :2]).abs().pow(power) * counts
    return differences.sum() / (2 * counts.sum()).clamp_min(1)
