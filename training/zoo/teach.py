"""Teach by example: a detector of a new gesture from a few of its latents.

The direction is that of linear discriminant analysis (Fisher, 1936) with the background's
covariance, and a score is how far a point of a `Ball` goes in it. The threshold is split conformal
(Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World", 2005): a quantile of the
scores of background that the direction was not made from.
"""

import math

import msgspec
import numpy as np
import numpy.typing as npt

from engine.errors import UsageError
from engine.poses import F32
from training.zoo.ball import F64, Ball, unit


class Taught(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A detector. `training.fit_files` writes and reads it.

    Of background vectors that are exchangeable with those held out, it takes at most
    `false_alarm_rate` for the gesture, and at least that less `1 / (held_out + 1)` where scores
    do not tie. The rate is that over many teachings, each with other vectors held out; that of one
    detector lies around it, the closer the more were held out (with n held out, a spread of about
    the square root of rate / n). Ticks that follow each other are alike, and not exchangeable with
    those of another person or session: hold out vectors as far apart as those it will see.

    Attributes:
        direction: D numbers, of length 1.
        threshold: A point is the gesture if its score is more.
        false_alarm_rate: As asked for, 0..1.
        held_out: Background vectors, or what else was counted, that the threshold rests on.
        examples: How many were given.
        examples_found: How many of them a detector of all the others finds.
    """

    direction: tuple[float, ...]
    threshold: float
    false_alarm_rate: float
    held_out: int
    examples: int
    examples_found: int

    def finds(self, points: F64) -> npt.NDArray[np.bool_]:
        """`(N,)` bool of points `(N, D)` of the ball: which are the gesture."""
        scores: F64 = points @ np.array(self.direction)
        return scores > self.threshold


def directions(examples: F32, ball: Ball) -> F64:
    """`(E + 1, D)`: where all examples but the k-th lie in the ball; last, where all lie.

    Args:
        examples: `(E, D)` float32 of the gesture, 3 or more; 3 to 10 are usual.
        ball: That reaches as far as they.
    """
    placed = ball.whitened(examples)
    others = (placed.sum(axis=0) - placed) / (len(placed) - 1)
    return unit(np.vstack((others, placed.mean(axis=0))))


def detector(examples: F64, ways: F64, scores: F64, *, false_alarm_rate: float) -> Taught:
    """The detector of the last direction; the others tell whether it finds what it was not shown.

    Args:
        examples: `(E, D)` points of the ball.
        ways: Of `directions`.
        scores: `(H, E + 1)` how far held-out background goes in each direction: of vectors, or of
            whatever else is exchangeable, such as the farthest of each second.
        false_alarm_rate: Part of these that may be taken for the gesture, between 0 and 1.

    Raises:
        UsageError: There are too few for such a rate.
    """
    if not 0.0 < false_alarm_rate < 1.0:
        raise UsageError(f"expected a false-alarm rate between 0 and 1, got {false_alarm_rate}")
    thresholds = [conformal_threshold(column, false_alarm_rate) for column in scores.T]
    own = np.einsum("ed,ed->e", examples, ways[:-1])
    return Taught(
        direction=tuple(ways[-1].tolist()),
        threshold=thresholds[-1],
        false_alarm_rate=false_alarm_rate,
        held_out=len(scores),
        examples=len(examples),
        examples_found=int((own > np.array(thresholds[:-1])).sum()),
    )


def conformal_threshold(scores: F64, rate: float) -> float:
    """What a further exchangeable score exceeds with a probability of at most `rate`.

    It is the k-th smallest of n scores, k the first whole number from (n + 1)(1 - rate) on.

    Raises:
        UsageError: There are too few scores for such a rate.
    """
    # Rounded first: (n + 1)(1 - rate) of whole numbers must not become a little more than whole.
    rank = max(math.ceil(round((len(scores) + 1) * (1.0 - rate), 9)), 1)
    if rank > len(scores):
        raise UsageError(
            f"a false-alarm rate of {rate} needs {math.ceil(round(1.0 / rate, 9)) - 1} held-out "
            f"background vectors or more, got {len(scores)}: hold out more, or allow more alarms"
        )
    return float(np.partition(scores, rank - 1)[rank - 1])
