"""Matched, false and missed events, alone and as arrays."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]

MATCHED, FALSE, MISSED = range(3)
"""Columns of arrays of counts."""


@dataclass(frozen=True)
class Tally:
    """Matched, false and missed events."""

    matched: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.matched + other.matched, self.false + other.false, self.missed + other.missed
        )

    @property
    def f1(self) -> float | None:
        """F1 of the events; None where there was nothing to find and nothing was found."""
        total = 2 * self.matched + self.false + self.missed
        return 2 * self.matched / total if total else None


def tally_of(counts: I64) -> Tally:
    """The sum of rows of counts.

    Args:
        counts: `(..., 3)` matched, false, missed.
    """
    return Tally(*counts.reshape(-1, 3).sum(0).tolist())


def f1_of(counts: I64) -> F64:
    """F1 of each row of counts; NaN where there was nothing to find and nothing was found.

    Args:
        counts: `(..., 3)` matched, false, missed.

    Returns:
        `(...)` float64.
    """
    hits = 2.0 * counts[..., MATCHED]
    total = hits + counts[..., FALSE] + counts[..., MISSED]
    return np.divide(hits, total, out=np.full(total.shape, np.nan), where=total > 0)


def macro_f1(counts: I64, rows: tuple[int, ...]) -> float:
    """Mean F1 of the given rows that have a true event; NaN if none has.

    Rows without a true event are left out: their false events count in the micro F1 and in the
    false events a minute, and no F1 other than 0 is possible there.
    """
    chosen = counts[list(rows)]
    expected = chosen[:, MATCHED] + chosen[:, MISSED] > 0
    return float(f1_of(chosen[expected]).mean()) if expected.any() else float("nan")
