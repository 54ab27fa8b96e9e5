"""The landmark noise as a whole, and where its fitted values are kept."""

from pathlib import Path
from typing import Literal

from msgspec import Struct

from training.fit_files import read_fit
from training.simulator.landmarks.parts import (
    BodyNoise,
    DepthNoise,
    HandNoise,
    PresenceNoise,
    VisibilityNoise,
)

FITTED = Path(__file__).with_name("fitted.json")
Half = Literal["train", "test"]


class NoiseParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of tracker; each sequence gets its own, drawn around this one.

    Attributes:
        body: Body joints.
        hand: Hands.
        presence: What is found.
        visibility: Confidences.
        depth: Depth.
        population: Rms of the logarithm of each size and rate over sequences.
    """

    body: BodyNoise
    hand: HandNoise
    presence: PresenceNoise
    visibility: VisibilityNoise
    depth: DepthNoise
    population: float

    @staticmethod
    def fitted(half: Half = "train", path: Path = FITTED) -> "NoiseParams":
        """The values measured on one half of the real clips.

        Raises:
            UsageError: The file is missing or not what it must be.
        """
        return getattr(read_fit(path, Fitted), half)  # type: ignore[no-any-return]

    @staticmethod
    def none() -> "NoiseParams":
        """A perfect tracker: it finds every hand in view and errs in nothing."""
        groups, contexts = (0.0,) * 5, (0.0,) * 7
        in_view = (0.0, 0.0, *(1e6,) * 5)
        return NoiseParams(
            body=BodyNoise(
                jitter=groups,
                jitter_tau_s=1.0,
                bias=groups,
                bias_tau_s=(1.0,) * 5,
                constant=groups,
                lag_s=0.0,
                guess=groups,
                guess_tau_s=1.0,
                guess_kept=groups,
                drawn_per_s=0.0,
                undrawn_per_s=1e6,
                pitch_seen=1.0,
            ),
            hand=HandNoise(
                jitter=0.0,
                jitter_tau_s=1.0,
                offset=contexts,
                still_part=1.0,
                scale=0.0,
                rotation=0.0,
                finger=contexts,
                slow_tau_s=1.0,
                finger_tau_s=1.0,
            ),
            presence=PresenceNoise(
                found_per_s=in_view,
                lost_per_s=(1e6, 1e6, *(0.0,) * 5),
                burst=0.0,
                burst_tau_s=1.0,
                blur_speed=1e6,
                small=0.0,
                taken_per_s=0.0,
                returned_per_s=1e6,
                taken_within=0.0,
                person_lost_per_s=0.0,
                person_found_per_s=1e6,
            ),
            visibility=VisibilityNoise(
                inside=(7.0,) * 5,
                outside=(-3.0,) * 5,
                arm=(-3.0, -3.0, *(7.0,) * 5),
                arm_spread=contexts,
                arm_edge=0.0,
                arm_drawn=0.0,
                spread=groups,
                outside_spread=groups,
                tau_s=1.0,
                hand=(7.0,) * 7,
                hand_spread=contexts,
            ),
            depth=DepthNoise(
                gain=1.0,
                arm=contexts,
                elbow_part=0.0,
                hips=0.0,
                jitter=groups,
                bias=groups,
                constant=groups,
                hand_gain=1.0,
                hand_bias=0.0,
                hand_jitter=0.0,
            ),
            population=0.0,
        )


class Fitted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fit file.

    Attributes:
        train: For simulated people that a network is trained on.
        test: For those that it is judged on; measured on other clips.
        train_clips: Clips behind `train`.
        test_clips: Clips behind `test`.
        counts: Samples behind each measured quantity, by half.
    """

    train: NoiseParams
    test: NoiseParams
    train_clips: tuple[str, ...]
    test_clips: tuple[str, ...]
    counts: dict[str, dict[str, int]]
