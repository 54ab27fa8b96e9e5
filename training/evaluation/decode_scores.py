"""From scores to events by the engine's own decoder, with the instant each was decided."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from engine.clock import NS_PER_S
from engine.config import ClassDecoderConfig, DecoderConfig, ResampleConfig
from engine.core.decode import EventDecoder
from engine.labels import LABELS, Label
from engine.poses import F32
from training.evaluation.collect import Collector
from training.evaluation.events import FoundEvent

RATE_HZ = 25.0
_DEFAULTS = DecoderConfig()
_NO_POINTS: Mapping[str, ClassDecoderConfig] = MappingProxyType({})


def decode_scores(
    scores: F32,
    *,
    labels: tuple[Label, ...] = LABELS,
    config: DecoderConfig = _DEFAULTS,
    operating_points: Mapping[str, ClassDecoderConfig] = _NO_POINTS,
    valid: npt.NDArray[np.bool_] | None = None,
    delay_ticks: int = 0,
    rate_hz: float = RATE_HZ,
) -> list[FoundEvent]:
    """Events of one untrimmed sequence, stepped through in order as the engine does.

    Args:
        scores: `(T, K)`; row t is what the model gives at tick t; NaN where it abstains.
        labels: Of each column.
        config: Thresholds.
        operating_points: What the model recommends, by class slug.
        valid: `(T,)`, False in a gap; None when there is none.
        delay_ticks: Look-ahead: row t describes tick t - `delay_ticks`.
        rate_hz: Ticks a second.

    Returns:
        In order of their start.

    Raises:
        ModelError: An operating point cannot be used.
        ConfigError: The values of a class do not fit together.
    """
    decoder = EventDecoder(config, labels, "evaluation", rate_hz, operating_points)
    found = Collector()
    gaps = np.zeros(len(scores), np.int64) if valid is None else _gap_lengths(valid)
    reset_ticks = round(ResampleConfig().reset_after_s * rate_hz)
    for tick, row in enumerate(np.asarray(scores, np.float32)):
        now_ns = round(tick * NS_PER_S / rate_hz)
        if gaps[tick] == 0:
            t_ns = round((tick - delay_ticks) * NS_PER_S / rate_hz)
            found.take(decoder.step(t_ns, 0, row), now_ns)
        elif gaps[tick] < reset_ticks:
            decoder.step_gap()
        elif gaps[tick] == reset_ticks:
            found.take(decoder.flush("gap"), now_ns)
    found.take(decoder.flush("shutdown"), round(len(scores) * NS_PER_S / rate_hz))
    return list(found.events())


def _gap_lengths(valid: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """For each tick, how many in a row are not valid, itself included."""
    ticks = np.arange(1, len(valid) + 1)
    return np.asarray(ticks - np.maximum.accumulate(np.where(valid, ticks, 0)), np.int64)
