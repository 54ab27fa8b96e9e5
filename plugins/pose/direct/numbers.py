"""What the networks' numbers mean."""

from typing import Any

import numpy as np
import numpy.typing as npt

# Beyond it a probability is 0 or 1 anyhow, and the exponential would be infinite.
_MOST = 80.0


def finite(score: np.floating[Any]) -> float:
    """A score as it is; 0 for one that is no number."""
    return float(score) if np.isfinite(score) else 0.0


def sigmoid(logits: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
    """Logits as probabilities, float64 of the same shape; NaN stays NaN."""
    clipped = np.clip(logits, -_MOST, _MOST).astype(np.float64)
    return np.asarray(1.0 / (1.0 + np.exp(-clipped)), np.float64)
