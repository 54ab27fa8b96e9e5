"""Fitted weights of evidence as the file that the engine reads."""

from engine.calibration_file import sealed
from engine.emotion_weights import (
    WEIGHTS_FILE,
    Calibration,
    ClassWeight,
    FittedWeights,
    HeldOut,
    Interval,
)
from training.emotion import weights_of_evidence
from training.emotion.study import Study, people
from training.emotion.weights_of_evidence import WeightsOfEvidence
from training.evaluation.intervals import Estimate
from training.labels import CLASS_NAMES

_S_PER_MIN = 60.0


def fitted_weights(study: Study, seed: int = 0) -> FittedWeights:
    """Fit weights to the training videos of a study.

    By the protocol its figures are about these very weights. Where people were left out in turn,
    they are about weights fitted to a part of the same videos.

    Args:
        study: Whose figures go with them.
        seed: The one that the study was made with.
    """
    model = weights_of_evidence.fit(study.train, seed)
    return sealed(
        FittedWeights(
            kind=WEIGHTS_FILE.kind,
            version=WEIGHTS_FILE.version,
            data=study.data,
            synthetic=study.synthetic,
            gestures=study.gestures,
            videos=len(study.train),
            people=people(study.train),
            classes={CLASS_NAMES[k]: _class_weight(model, k) for k in model.by_size()},
            prior_sd=model.width,
            dispersion=model.rates.dispersion,
            calibration=Calibration(slope=model.calibration.slope, offset=model.calibration.offset),
            held_out=_held_out(study),
        )
    )


def _class_weight(model: WeightsOfEvidence, k: int) -> ClassWeight:
    rates = model.rates
    return ClassWeight(
        weight=float(model.weights[k]),
        sd=float(model.errors[k]),
        per_min=float(rates.per_s[k]) * _S_PER_MIN,
        positive_events=float(rates.positive[k]),
        negative_events=float(rates.negative[k]),
        positive_min=float(rates.positive_s[k]) / _S_PER_MIN,
        negative_min=float(rates.negative_s[k]) / _S_PER_MIN,
    )


def _held_out(study: Study) -> HeldOut:
    told = study.figures[weights_of_evidence.NAME]
    return HeldOut(
        how=study.how,
        videos=len(study.test),
        people=study.people,
        auc=_interval(told.auc),
        log_loss=_interval(told.log_loss),
    )


def _interval(one: Estimate) -> Interval:
    return Interval(value=one.value, low=one.low, high=one.high)
