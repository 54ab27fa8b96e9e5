"""The parts that landmark noise is made of.

Lengths are in shoulder widths, times in seconds, rates per second, visibilities as log odds. A
value "by group" has one entry for each of `groups.GROUPS`, one "by context" for each of
`groups.CONTEXTS`.
"""

from msgspec import Struct


class BodyNoise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the 33 body joints err.

    Attributes:
        jitter: Rms on each axis that changes from frame to frame, by group.
        jitter_tau_s: How long that lasts.
        bias: Rms on each axis of the slow wander of a part, by group.
        bias_tau_s: How long that lasts, by group.
        constant: Rms on each axis of what one person and camera keep, by group.
        lag_s: Time constant of the network's own smoothing.
        guess: Rms on each axis of a joint that is out of the picture or hidden, by group.
        guess_tau_s: How long a guess lasts.
        guess_kept: Rms on each axis of what one person and camera keep of a guess, by group.
        drawn_per_s: Rate at which an arm that is out of the picture or hidden is reported as the
            mirror image of the other one, while the other hand is raised.
        undrawn_per_s: Rate at which that ends.
        pitch_seen: Part of a nod that the face points follow.
    """

    jitter: tuple[float, ...]
    jitter_tau_s: float
    bias: tuple[float, ...]
    bias_tau_s: tuple[float, ...]
    constant: tuple[float, ...]
    lag_s: float
    guess: tuple[float, ...]
    guess_tau_s: float
    guess_kept: tuple[float, ...]
    drawn_per_s: float
    undrawn_per_s: float
    pitch_seen: float


class HandNoise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a 21-point hand that was found errs.

    Attributes:
        jitter: Rms of each point on each axis that changes from frame to frame.
        jitter_tau_s: How long that lasts.
        offset: Rms on each axis of the shift of the whole hand, by context.
        still_part: Part of that, and of the wander of the pose's wrist, that a resting hand has.
        scale: Rms of the logarithm of its size.
        rotation: Rms of its turn in the picture, in radians.
        finger: Rms on each axis of the error of a fingertip within the hand, by context.
        slow_tau_s: How long shift, size and turn last.
        finger_tau_s: How long the errors of fingers last.
    """

    jitter: float
    jitter_tau_s: float
    offset: tuple[float, ...]
    still_part: float
    scale: float
    rotation: float
    finger: tuple[float, ...]
    slow_tau_s: float
    finger_tau_s: float


class PresenceNoise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a 21-point hand is found, and on which hand it sits.

    Attributes:
        found_per_s: Rate of finding a hand that is lost, by context.
        lost_per_s: Rate of losing a hand that is found, by context.
        burst: Rms of the logarithm by which both rates rise and fall together.
        burst_tau_s: How long such a burst of flicker, or the calm between, lasts.
        blur_speed: Speed in shoulder widths per second at which losses double; they grow with its
            square.
        small: Shoulder width in image heights below which losses grow in proportion.
        taken_per_s: Rate at which a set of points goes over to the other hand nearby.
        returned_per_s: Rate at which it comes back.
        taken_within: Distance of the hands within which that happens.
        person_lost_per_s: Rate at which the whole person is lost.
        person_found_per_s: Rate at which a lost person is found.
    """

    found_per_s: tuple[float, ...]
    lost_per_s: tuple[float, ...]
    burst: float
    burst_tau_s: float
    blur_speed: float
    small: float
    taken_per_s: float
    returned_per_s: float
    taken_within: float
    person_lost_per_s: float
    person_found_per_s: float


class VisibilityNoise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What confidence the joints get.

    Attributes:
        inside: Log odds of a joint in the picture, by group; an arm's are by context.
        outside: Log odds of a joint out of the picture, by group.
        arm: Log odds of wrist, pinky, index and thumb of the pose, by context.
        arm_spread: Rms around that, by context.
        arm_edge: Shift of that where the joint itself is out of the picture and the palm is not.
        arm_drawn: Log odds of an arm that is a mirror image of the other.
        spread: Rms around `inside`, by group.
        outside_spread: Rms around `outside`, by group.
        tau_s: How long a deviation lasts.
        hand: Log odds of a hand that was found, by context.
        hand_spread: Rms around that, by context.
    """

    inside: tuple[float, ...]
    outside: tuple[float, ...]
    arm: tuple[float, ...]
    arm_spread: tuple[float, ...]
    arm_edge: float
    arm_drawn: float
    spread: tuple[float, ...]
    outside_spread: tuple[float, ...]
    tau_s: float
    hand: tuple[float, ...]
    hand_spread: tuple[float, ...]


class DepthNoise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the network makes of depth, in shoulder widths.

    Attributes:
        gain: Reported over true depth of the body.
        arm: Shift of wrist, pinky, index and thumb, by context.
        elbow_part: Part of that shift that the elbow has.
        hips: How far the hips read behind the shoulders.
        jitter: Rms that changes from frame to frame, by group.
        bias: Rms of the slow wander, by group.
        constant: Rms of what one person and camera keep, by group.
        hand_gain: Reported over true depth within a hand.
        hand_bias: Rms of the slow wander of a fingertip.
        hand_jitter: Rms of each hand point that changes from frame to frame.
    """

    gain: float
    arm: tuple[float, ...]
    elbow_part: float
    hips: float
    jitter: tuple[float, ...]
    bias: tuple[float, ...]
    constant: tuple[float, ...]
    hand_gain: float
    hand_bias: float
    hand_jitter: float
