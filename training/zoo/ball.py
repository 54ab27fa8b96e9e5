"""Vectors as points of a ball around the middle of a background, as far out as examples lie.

What lies farther out than all examples of a gesture is not more of it: a second in which somebody
stands up lies ten times as far out, and so goes far in nearly every direction, and a threshold that
it does not pass hides the gesture. So vectors are whitened by the background's covariance, and what
lies outside is drawn in, as vectors of speakers are brought to one length (Garcia-Romero and
Espy-Wilson, Interspeech 2011); what lies inside stays where it is.
The covariance is shrunk toward a multiple of the identity by the rule of Ledoit and Wolf (Journal
of Multivariate Analysis 2004), since there may be fewer vectors than numbers in one.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import UsageError
from engine.poses import F32

F64 = npt.NDArray[np.float64]

FEWEST_EXAMPLES = 3
_FEWEST_BACKGROUND = 2


@dataclass(frozen=True)
class Ball:
    """Of one background and some examples.

    Attributes:
        middle: `(D,)` its mean.
        whitening: `(D, D)`: what a vector differs from the middle by, times this, has variances of
            about 1, and covariances of 0.
        radius: Root of the mean square of the examples' lengths then.
    """

    middle: F64
    whitening: F64
    radius: float

    def whitened(self, vectors: F32) -> F64:
        """`(N, D)` of `(N, D)`: how far each lies out in each direction."""
        out: F64 = (np.asarray(vectors, np.float64) - self.middle) @ self.whitening
        return out

    def of(self, vectors: F32) -> F64:
        """`(N, D)` points, no longer than 1, of `(N, D)`."""
        out = self.whitened(vectors)
        lengths = np.linalg.norm(out, axis=1, keepdims=True)
        points: F64 = out / np.maximum(lengths, self.radius)
        return points


def ball_of(background: F32, examples: F32) -> Ball:
    """The ball around a background that reaches as far as examples.

    Args:
        background: `(B, D)` float32, two or more.
        examples: `(E, D)` float32 of the gesture, `FEWEST_EXAMPLES` or more.

    Raises:
        UsageError: There are too few of something, the background is all the same, they do not fit
            together, or something is not finite.
    """
    _check("background vectors", background, _FEWEST_BACKGROUND, examples)
    _check("examples", examples, FEWEST_EXAMPLES, examples)
    factor = np.linalg.cholesky(shrunk_covariance(background))
    whitening: F64 = np.linalg.solve(factor, np.eye(len(factor))).T
    middle = background.mean(axis=0, dtype=np.float64)
    squares = np.square((examples - middle) @ whitening).sum(axis=1)
    return Ball(middle, whitening, float(np.sqrt(squares.mean())))


def unit(vectors: F64) -> F64:
    """`(N, D)` of length 1; 0 stays 0."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    out: F64 = vectors / np.maximum(lengths, np.finfo(np.float64).tiny)
    return out


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


def _check(name: str, vectors: F32, fewest: int, examples: F32) -> None:
    if vectors.ndim != 2 or vectors.shape[1] != examples.shape[-1] or len(vectors) < fewest:
        raise UsageError(
            f"expected {fewest} or more {name} of the size of the examples, (N, D), "
            f"got {vectors.shape}"
        )
    if not np.isfinite(vectors).all():
        raise UsageError(f"expected finite numbers in the {name}: leave out gaps first")
