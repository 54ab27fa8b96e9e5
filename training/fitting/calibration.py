"""What turns logits into scores that can be trusted, and scores into events: its form and file."""

from pathlib import Path

import msgspec
from msgspec import Struct

from engine.config import ClassDecoderConfig
from engine.errors import ConfigError


class Reliability(Struct, frozen=True, kw_only=True):
    """How honest probabilities are on held-out simulation.

    Attributes:
        nll: Mean negative log likelihood of a tick.
        ece: Expected calibration error of the likeliest class, 0..1.
        event_ece: The same over the scores of all classes but none that are at least 0.05: what
            thresholds act on.
    """

    nll: float
    ece: float
    event_ece: float


class Calibration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fitted on validation simulation only.

    Attributes:
        temperature: Class logits are divided by it.
        group_weight: Weight of the group head's log-probability, 0 leaves it out.
        contrast: Of the places of a hand at the head, see `fusion`.
        operating_points: Class slug to decoder settings.
        before: Reliability without any of it.
        after: Reliability with it.
    """

    temperature: float = 1.0
    group_weight: float = 0.0
    contrast: float = 1.0
    operating_points: dict[str, ClassDecoderConfig] = {}
    before: Reliability | None = None
    after: Reliability | None = None


def read_calibration(path: Path) -> Calibration:
    """Read what `write_calibration` wrote.

    Raises:
        ConfigError: It is missing or does not fit.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Calibration)
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read: {error}; `python -m training calibrate` writes it"
        ) from error
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path}: {error}") from error


def write_calibration(path: Path, calibration: Calibration) -> None:
    """Save it as indented JSON."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(calibration)) + b"\n")
