"""What the governor is told beforehand: durations of each stage at each level of quality."""

from collections.abc import Sequence

import numpy as np

from calibration.latency.trials import QualityTrial
from engine.config import QualityConfig
from engine.runtime.quality import qualities

_MOST = 32


def seeds_ms(
    tried: Sequence[QualityTrial], efforts: tuple[str, ...], best: QualityConfig
) -> tuple[dict[str, tuple[float, ...]], ...]:
    """For each level from `best` down, stage to durations, of the trial with the same effort.

    Args:
        tried: What was measured.
        efforts: See `PoseEstimator.efforts`.
        best: Where the ladder begins.
    """
    levels = []
    for level in qualities(efforts, best):
        own = [one for one in tried if one.quality.effort == efforts[level.effort]]
        nearest = min(own, key=lambda one: abs(one.quality.every - level.every), default=None)
        levels.append(_stages(nearest) if nearest else {})
    return tuple(levels)


def _stages(trial: QualityTrial) -> dict[str, tuple[float, ...]]:
    return {
        "pose": _thinned(trial.pose_ms),
        "recognise": trial.recognise_ms,
        "publish": _thinned(trial.publish_ms),
    }


def _thinned(durations_ms: Sequence[float]) -> tuple[float, ...]:
    """At most 32 with the same quantiles."""
    if len(durations_ms) <= _MOST:
        return tuple(durations_ms)
    spread = np.quantile(durations_ms, np.linspace(0.0, 1.0, _MOST))
    return tuple(round(float(each), 3) for each in spread)
