"""The classes of nearest neighbours among latents, as P&C and U-S-VAE are judged."""

import numpy as np
import numpy.typing as npt

from engine.errors import UsageError
from engine.poses import F32

Ints = npt.NDArray[np.int64]


class Nearest:
    """Known vectors and their classes.

    Args:
        vectors: `(M, D)` float32.
        labels: `(M,)` int64.

    Raises:
        UsageError: There is none, or not as many labels as vectors.
    """

    def __init__(self, vectors: F32, labels: Ints) -> None:
        if vectors.ndim != 2 or not len(vectors) or labels.shape != vectors.shape[:1]:
            raise UsageError(
                f"expected vectors (M, D) and labels (M,) with M of 1 or more, got "
                f"{vectors.shape} and {labels.shape}"
            )
        self._vectors = _directions(vectors)
        self._labels = labels

    def labels_of(self, vectors: F32, neighbours: int = 1) -> Ints:
        """The class that most of the nearest have, by cosine distance.

        Among classes with as many votes, the one of the nearest neighbour wins.

        Args:
            vectors: `(N, D)` float32.
            neighbours: How many vote; P&C takes 1.

        Returns:
            `(N,)` int64.

        Raises:
            UsageError: More neighbours than there are vectors, or none.
        """
        if not 1 <= neighbours <= len(self._labels):
            raise UsageError(
                f"expected 1 to {len(self._labels)} neighbours, as many as there are vectors, "
                f"got {neighbours}"
            )
        # The length of what is asked changes all its likenesses alike.
        likeness = vectors @ self._vectors.T
        order = np.argsort(-likeness, axis=1, kind="stable")[:, :neighbours]
        return np.array([_most(labels) for labels in self._labels[order]], np.int64)


def _most(labels: Ints) -> int:
    """What most of them are; labels are in the order of their distance."""
    found, first, votes = np.unique(labels, return_index=True, return_counts=True)
    return int(found[np.lexsort((first, -votes))[0]])


def _directions(vectors: F32) -> F32:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    directions: F32 = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return directions
