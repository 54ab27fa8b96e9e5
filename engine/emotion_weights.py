"""Weights of evidence fitted to videos whose outcome is known: the file `training emotion` writes.

The schema lives here because writer and reader share it; `training` writes, the engine only reads.
"""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from engine.calibration_file import FileKind, Sealed
from engine.errors import CalibrationError
from engine.labels import BY_SLUG

# One gesture alone must not make a verdict: at the defaults that takes 1.05 on one side. Up to here
# the aggregator's `w·(n - λ·T)` is within 4 % of the second term of `n·w - 2·sinh(w/2)·λ·T`.
MAX_FITTED_LOG_ODDS = 1.0

_DIGEST_DIGITS = 16

Weight = Annotated[float, Meta(ge=-20, le=20)]
Amount = Annotated[float, Meta(ge=0, le=1e9)]
Count = Annotated[int, Meta(ge=0)]


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part of the file."""


class ClassWeight(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was found out about one class.

    Attributes:
        weight: Log-likelihood ratio of one event, above 0 for positive: mean of the posterior, so
            that shrinkage is in it.
        sd: Standard deviation of the posterior.
        per_min: Events a minute of time in view, between both states.
        positive_events: Events in positive videos, by score.
        negative_events: The same in negative ones.
        positive_min: Minutes of positive videos in which the class could be seen.
        negative_min: The same of negative ones.
    """

    weight: Weight
    sd: Amount
    per_min: Amount
    positive_events: Amount
    negative_events: Amount
    positive_min: Amount
    negative_min: Amount


class Calibration(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From the evidence of a whole video to its log-odds: `slope · evidence + offset`.

    The engine does not apply it. Its evidence fades over a minute or so, that of the fit is of
    whole videos; the slope takes back how much people differ over minutes, which is less over one
    minute and almost nothing against a person's own baseline. The offset holds the share of
    positive videos in the fit, for which the engine has `prior_positive`.

    Attributes:
        slope: Below 1 where people differ more than chance.
        offset: Log-odds at no evidence.
    """

    slope: Amount
    offset: Weight


class Interval(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure with its 95 % interval over people; None where there is nothing to tell it from.

    Attributes:
        value: The figure.
        low: Lower end.
        high: Upper end.
    """

    value: float | None
    low: float | None
    high: float | None

    def __str__(self) -> str:
        if self.value is None or self.low is None or self.high is None:
            return "unknown"
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


class HeldOut(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How good the fit is on videos of people or matches that it was not fitted to.

    Attributes:
        how: Which videos those are.
        videos: How many.
        people: Of how many people.
        auc: Chance that a positive video is told to be likelier positive than a negative one.
        log_loss: Mean, in nats; 0.69 is that of a coin.
    """

    how: str
    videos: Count
    people: Count
    auc: Interval
    log_loss: Interval


class FittedWeights(Sealed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Weights in place of the shipped table.

    Attributes:
        data: Data set or recordings they were fitted to.
        synthetic: Whether those are simulated: then the weights say nothing about real people.
        gestures: Who told the gestures: `annotators`, or recognisers as `name@model_hash`.
        videos: How many they were fitted to.
        people: Of how many people.
        classes: Slug to what was found; a class that never came is not there and weighs nothing.
        prior_sd: Standard deviation of the prior of true weights, around 0, found in the data.
        dispersion: How much more counts vary between people than by chance, at least 1.
        calibration: Of whole videos; for a reader, the engine does not apply it.
        held_out: On other videos; None if there were none.
    """

    data: str
    synthetic: bool
    gestures: str
    videos: Count
    people: Count
    classes: dict[str, ClassWeight]
    prior_sd: Amount
    dispersion: Annotated[float, Meta(ge=1)]
    calibration: Calibration
    held_out: HeldOut | None

    @property
    def identity(self) -> str:
        """`name@digest`: what feeds and recordings call these weights."""
        return identity(f"synthetic {self.data}" if self.synthetic else self.data, self.checksum)

    def log_odds(self) -> dict[str, float]:
        """Class slug to the weight in use, cut at `MAX_FITTED_LOG_ODDS`."""
        bound = MAX_FITTED_LOG_ODDS
        return {slug: min(bound, max(-bound, own.weight)) for slug, own in self.classes.items()}


WEIGHTS_FILE = FileKind(
    "fidget.emotion_weights",
    1,
    FittedWeights,
    "file of emotion weights",
    "python -m training emotion --data DIR --out FILE",
)


def identity(name: str, digest: str) -> str:
    """`name@digest`, the digest cut to what tells weights apart."""
    return f"{name}@{digest[:_DIGEST_DIGITS]}"


def load_weights(path: Path, *, allow_synthetic: bool) -> FittedWeights:
    """Read and check a file of weights.

    Args:
        path: The file.
        allow_synthetic: Whether weights fitted to simulated people may be used. Their link between
            gestures and outcomes is made up, and an estimate does not show where it came from.

    Raises:
        CalibrationError: The file is missing, truncated, foreign, of another version, altered, or
            synthetic and that is not allowed. The message says which and what to do.
    """
    weights = WEIGHTS_FILE.read(path)
    unknown = sorted(set(weights.classes) - set(BY_SLUG))
    if unknown:
        raise WEIGHTS_FILE.refusal(path, f"unknown classes {unknown}")
    if weights.synthetic and not allow_synthetic:
        raise CalibrationError(
            f"{path}: refused: fitted to simulated people, so that estimates would mean nothing. "
            "Fit weights to real data, or set `allow_synthetic_weights = true` under [emotion] to "
            "try the machinery"
        )
    return weights
