"""Where a fit starts, and what stays as it is because the recordings cannot tell.

Not measurable without the truth: how far body joints stand off for seconds or for good (only a
hand's wrist is seen twice), what becomes of a hand behind the body (no clip shows one), and how
much of a nod the face points follow. These values are assumptions, sized by what was measured of
their neighbours.
"""

from training.simulator.landmarks.params import NoiseParams
from training.simulator.landmarks.parts import (
    BodyNoise,
    DepthNoise,
    HandNoise,
    PresenceNoise,
    VisibilityNoise,
)

NOSE_AHEAD_OF_EARS = 0.30
"""True depth from ears to nose in shoulder widths: 0.78 of a face that is 0.38 wide."""

INDEX_AHEAD_OF_NOSE = (-0.2, 0.2, -0.3, 0.0, -0.15, -0.35, -0.1)
"""Assumed true depth of the index knuckle, nose at 0, by context, in shoulder widths."""

START = NoiseParams(
    body=BodyNoise(
        jitter=(0.0012, 0.0012, 0.003, 0.004, 0.004),
        jitter_tau_s=0.06,
        bias=(0.006, 0.008, 0.025, 0.03, 0.04),
        bias_tau_s=(3.0, 3.0, 1.0, 0.5, 2.0),
        constant=(0.008, 0.015, 0.03, 0.02, 0.05),
        lag_s=0.0,
        guess=(0.03, 0.03, 0.08, 0.12, 0.1),
        guess_tau_s=0.5,
        guess_kept=(0.05, 0.05, 0.2, 0.3, 0.3),
        drawn_per_s=1.2,
        undrawn_per_s=0.4,
        pitch_seen=0.33,
    ),
    hand=HandNoise(
        jitter=0.003,
        jitter_tau_s=0.04,
        offset=(0.05, 0.08, 0.03, 0.03, 0.025, 0.025, 0.025),
        still_part=0.7,
        scale=0.025,
        rotation=0.025,
        finger=(0.04, 0.08, 0.03, 0.03, 0.02, 0.02, 0.02),
        slow_tau_s=0.3,
        finger_tau_s=1.5,
    ),
    presence=PresenceNoise(
        found_per_s=(0.05, 0.3, 4.0, 12.0, 8.0, 10.0, 6.0),
        lost_per_s=(20.0, 10.0, 0.5, 0.1, 0.3, 0.5, 1.0),
        burst=1.5,
        burst_tau_s=1.0,
        blur_speed=2.0,
        small=0.08,
        taken_per_s=0.5,
        returned_per_s=3.0,
        taken_within=0.3,
        person_lost_per_s=0.01,
        person_found_per_s=3.0,
    ),
    visibility=VisibilityNoise(
        inside=(7.0, 6.0, 4.5, 4.0, 4.0),
        outside=(2.0, 1.5, -2.2, -3.2, -5.0),
        arm=(-3.0, -1.5, 4.0, 3.0, 4.0, 4.5, 4.0),
        arm_spread=(1.2, 1.2, 1.0, 1.0, 1.2, 1.2, 1.5),
        arm_edge=-1.5,
        arm_drawn=-0.45,
        spread=(0.8, 1.5, 1.5, 1.0, 1.5),
        outside_spread=(1.0, 1.0, 1.0, 1.0, 1.5),
        tau_s=0.6,
        hand=(2.5, 1.5, 3.8, 4.2, 4.0, 4.5, 3.2),
        hand_spread=(1.0,) * 7,
    ),
    depth=DepthNoise(
        gain=3.7,
        arm=(0.0, -0.3, -0.3, -2.0, -1.3, -0.8, 0.0),
        elbow_part=0.4,
        hips=0.6,
        jitter=(0.015, 0.015, 0.035, 0.045, 0.04),
        bias=(0.03, 0.03, 0.1, 0.12, 0.15),
        constant=(0.1, 0.08, 0.2, 0.25, 0.3),
        hand_gain=0.75,
        hand_bias=0.03,
        hand_jitter=0.01,
    ),
    population=0.6,
)
