"""Files of fitted emotion weights."""

from typing import Any

from engine.calibration_file import sealed
from engine.emotion_weights import (
    WEIGHTS_FILE,
    Calibration,
    ClassWeight,
    FittedWeights,
    HeldOut,
    Interval,
)


def class_weight(weight: float) -> ClassWeight:
    """A weight with some support."""
    return ClassWeight(
        weight=weight,
        sd=0.1,
        per_min=0.5,
        positive_events=30.0,
        negative_events=40.0,
        positive_min=60.0,
        negative_min=62.0,
    )


def fitted(weights: dict[str, float], **changes: Any) -> FittedWeights:
    """A whole file with these weights."""
    fields: dict[str, Any] = {
        "kind": WEIGHTS_FILE.kind,
        "version": WEIGHTS_FILE.version,
        "data": "interviews",
        "synthetic": False,
        "gestures": "annotators",
        "videos": 40,
        "people": 20,
        "classes": {slug: class_weight(weight) for slug, weight in weights.items()},
        "prior_sd": 0.2,
        "dispersion": 1.4,
        "calibration": Calibration(slope=0.6, offset=-0.1),
        "held_out": HeldOut(
            how="others",
            videos=10,
            people=5,
            auc=Interval(value=0.6, low=0.4, high=0.8),
            log_loss=Interval(value=0.68, low=None, high=None),
        ),
        **changes,
    }
    return sealed(FittedWeights(**fields))
