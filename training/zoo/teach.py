"""Teach by example: a detector of a new gesture from a few of its latents.

The direction is that of linear discriminant analysis (Fisher, 1936) with the background's
covariance, shrunk toward a sphere by the rule of Ledoit and Wolf (Journal of Multivariate Analysis
2004), since there may be fewer vectors than numbers in one. The threshold is split conformal
(Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World", 2005): a quantile of the
scores of background that the direction was not made from.
"""

import math

import msgspec
import numpy as np
import numpy.typing as npt

from engine.errors import UsageError
from engine.poses import F32

F64 = npt.NDArray[np.float64]

FEWEST_EXAMPLES = 3
_FEWEST_BACKGROUND = 2


class Taught(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A detector. `training.fit_files` writes and reads it.

    Of background vectors that are exchangeable with those held out, it takes at most
    `false_alarm_rate` for the gesture, and at least that less `1 / (held_out + 1)` where scores
    do not tie. The rate is that over many teachings, each with other vectors held out; that of one
    detector lies around it, the closer the more were held out (with n held out, a spread of about
    the square root of rate / n). Ticks that follow each other are alike, and not exchangeable with
    those of another person or session: hold out vectors as far apart as those it will see.

    Attributes:
        direction: D numbers.
        threshold: A vector is the gesture if its score is more.
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

    def scores(self, vectors: F32) -> F64:
        """`(N,)` of `(N, D)`: how far each goes in the direction."""
        scores: F64 = np.asarray(vectors, np.float64) @ np.array(self.direction)
        return scores

    def finds(self, vectors: F32) -> npt.NDArray[np.bool_]:
        """`(N,)` bool of `(N, D)`: which are the gesture."""
        return self.scores(vectors) > self.threshold


def teach(examples: F32, background: F32, held_out: F32, *, false_alarm_rate: float) -> Taught:
    """Make a detector.

    Args:
        examples: `(E, D)` float32 of the gesture, 3 or more; 3 to 10 are usual.
        background: `(B, D)` float32 of anything else; the direction rests on it.
        held_out: `(H, D)` float32 of anything else, of other people or sessions than `background`
            where the detector is to meet such; the threshold rests on it. At least
            `1 / false_alarm_rate - 1`.
        false_alarm_rate: Part of background vectors that may be taken for it, between 0 and 1.

    Raises:
        UsageError: There are too few of something, or they do not fit together.
    """
    _check_set("held-out background vectors", held_out, 1, examples)
    ways = directions(examples, background)
    return detector(examples, ways, held_out @ ways.T, false_alarm_rate=false_alarm_rate)


def directions(examples: F32, background: F32) -> F64:
    """`(E + 1, D)`: what leads from the background to all examples but the k-th; last, to all.

    Args:
        examples: As for `teach`.
        background: As for `teach`.

    Raises:
        UsageError: There are too few, or they do not fit together.
    """
    _check_set("examples", examples, FEWEST_EXAMPLES, examples)
    _check_set("background vectors", background, _FEWEST_BACKGROUND, examples)
    shown = [np.delete(examples, number, axis=0) for number in range(len(examples))]
    means = np.stack([each.mean(axis=0, dtype=np.float64) for each in (*shown, examples)])
    apart = means - background.mean(axis=0, dtype=np.float64)
    ways: F64 = np.linalg.solve(shrunk_covariance(background), apart.T).T
    lengths = np.linalg.norm(ways, axis=1, keepdims=True)
    ways /= np.maximum(lengths, np.finfo(np.float64).tiny)
    return ways


def detector(examples: F32, ways: F64, scores: F64, *, false_alarm_rate: float) -> Taught:
    """The detector of the last direction; the others tell whether it finds what it was not shown.

    Args:
        examples: As for `teach`.
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
    own = np.einsum("ed,ed->e", examples.astype(np.float64), ways[:-1])
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


def shrunk_covariance(vectors: F32) -> F64:
    """`(D, D)` covariance of `(N, D)`, shrunk toward a multiple of the identity (Ledoit, Wolf).

    Raises:
        UsageError: The vectors are all the same.
    """
    x = np.asarray(vectors, np.float64)
    x = x - x.mean(axis=0)
    count, size = x.shape
    sample = x.T @ x / count
    mean_variance = float(np.trace(sample)) / size
    if mean_variance <= 0:
        raise UsageError(f"expected background vectors that differ, got {count} that do not")
    target = mean_variance * np.eye(size)
    apart = float(np.square(sample - target).sum())
    squares = np.square(x)
    noise = float((squares.T @ squares / count - np.square(sample)).sum()) / count
    # With no distance to the target both are the same, and any share will do.
    share = min(noise / apart, 1.0) if apart > 0 else 1.0
    # Of very few vectors the share can be near 0 by chance; solving needs full rank.
    shrunk: F64 = (share + 1e-6) * target + (1.0 - share) * sample
    return shrunk


def _check_set(name: str, vectors: F32, fewest: int, examples: F32) -> None:
    if vectors.ndim != 2 or vectors.shape[1] != examples.shape[-1] or len(vectors) < fewest:
        raise UsageError(
            f"expected {fewest} or more {name} of the size of the examples, (N, D), "
            f"got {vectors.shape}"
        )
    if not np.isfinite(vectors).all():
        raise UsageError(f"expected finite numbers in the {name}: leave out gaps first")
