"""Head, shoulders and trunk."""

from training.simulator.scripts.model import Pulse, Script, Variant
from training.simulator.scripts.touches import IMIGUE

POSTURE: tuple[Script, ...] = (
    Script(
        "turtle_neck",
        1,
        "The head sinks between raised shoulders",
        IMIGUE,
        (
            Variant(
                "sink",
                pulses=(
                    Pulse("sink", (0.018, 0.04), signed=True),
                    Pulse("shrug_left", (0.015, 0.04), signed=True),
                    Pulse("shrug_right", (0.015, 0.04), signed=True),
                    Pulse("thrust", (0.0, 0.03), signed=True),
                ),
                hold_s=(0.5, 3.0),
            ),
        ),
        weight=1.3,
    ),
    Script(
        "bulging_face",
        2,
        "Cheeks blown up, or a deep breath",
        IMIGUE,
        (
            Variant(
                "breath",
                pulses=(
                    Pulse("rise", (0.004, 0.012), signed=True),
                    Pulse("shrug_left", (0.003, 0.010), signed=True),
                    Pulse("shrug_right", (0.003, 0.010), signed=True, with_previous=True),
                ),
                hold_s=(0.6, 1.5),
            ),
        ),
        weight=0.5,
        shows=False,
    ),
    Script(
        "move_torso",
        20,
        "The trunk leans, bends, turns or shifts",
        IMIGUE,
        (
            Variant(
                "lean",
                pulses=(Pulse("lean", (0.12, 0.40), "stay", rise_s=(0.4, 1.2)),),
                hold_s=(0.1, 0.3),
                weight=1.5,
            ),
            Variant(
                "lean to the camera and back",
                pulses=(Pulse("lean", (0.15, 0.45), signed=True, rise_s=(0.4, 1.0)),),
                hold_s=(0.2, 1.5),
            ),
            Variant(
                "bend",
                pulses=(Pulse("bend", (0.08, 0.28), "stay", rise_s=(0.3, 1.0)),),
                hold_s=(0.1, 0.3),
            ),
            Variant(
                "shift",
                pulses=(
                    Pulse("shift", (0.04, 0.14), "stay", rise_s=(0.4, 1.0)),
                    Pulse("bend", (0.0, 0.1), "stay"),
                ),
                hold_s=(0.1, 0.3),
            ),
            Variant(
                "sway",
                pulses=(
                    Pulse("shift", (0.03, 0.09), "swing", (0.35, 0.9)),
                    Pulse("bend", (0.03, 0.12), "swing", with_previous=True),
                ),
                hold_s=(1.2, 4.0),
            ),
            Variant(
                "turn",
                # Less than 20 degrees is hardly seen: shoulders narrow with the cosine.
                pulses=(Pulse("twist", (0.35, 0.7), "stay", rise_s=(0.4, 1.0)),),
                hold_s=(0.1, 0.3),
            ),
            Variant(
                "rock",
                pulses=(Pulse("lean", (0.06, 0.16), "swing", (0.4, 1.0)),),
                hold_s=(1.2, 4.0),
            ),
            Variant(
                "move the chair",
                pulses=(
                    Pulse("approach", (0.08, 0.30), "stay", rise_s=(0.5, 1.2)),
                    Pulse("lean", (0.0, 0.2), "stay"),
                ),
                hold_s=(0.1, 0.4),
                weight=1.5,
            ),
            Variant(
                "nearer or further and back",
                pulses=(
                    Pulse("approach", (0.07, 0.25), rise_s=(0.4, 1.0)),
                    Pulse("lean", (0.0, 0.25)),
                ),
                hold_s=(0.1, 1.2),
            ),
        ),
        weight=3.0,
    ),
    Script(
        "sit_straight",
        21,
        "The back is straightened",
        IMIGUE,
        (
            Variant(
                "straighten",
                pulses=(
                    Pulse("rise", (0.025, 0.06), signed=True, rise_s=(0.4, 0.9)),
                    Pulse("lean", (-0.15, -0.03), signed=True, rise_s=(0.4, 0.9)),
                    Pulse("round", (-0.02, 0.0), signed=True),
                ),
                hold_s=(1.0, 4.0),
            ),
        ),
        weight=1.3,
    ),
    Script(
        "head_up",
        28,
        "The chin is raised",
        IMIGUE,
        (Variant("raise", pulses=(Pulse("pitch", (0.25, 0.60), signed=True),), hold_s=(0.4, 3.0)),),
        weight=1.4,
    ),
    Script(
        "press_lips",
        29,
        "Lips pressed together",
        IMIGUE,
        (Variant("lips", pulses=(Pulse("pitch", (-0.05, 0.05), signed=True),), hold_s=(0.4, 2.0)),),
        weight=0.3,
        shows=False,
    ),
    Script(
        "shake_shoulders",
        31,
        "Shoulders go up and down, together or in turn",
        IMIGUE,
        (
            Variant(
                "together",
                pulses=(
                    Pulse("shrug_left", (0.012, 0.03), "swing", (0.9, 3.2)),
                    Pulse("shrug_right", (0.012, 0.03), "swing", with_previous=True),
                ),
                hold_s=(0.8, 3.5),
            ),
            Variant(
                "in turn",
                pulses=(
                    Pulse("shrug_left", (0.010, 0.03), "swing", (0.9, 3.2)),
                    Pulse("shrug_right", (0.010, 0.03), "swing", against_previous=True),
                ),
                hold_s=(0.8, 3.5),
            ),
            Variant(
                "one",
                pulses=(Pulse("shrug_left", (0.014, 0.035), "swing", (0.9, 3.0)),),
                hold_s=(0.8, 3.0),
                weight=0.5,
            ),
            Variant(
                "other",
                pulses=(Pulse("shrug_right", (0.014, 0.035), "swing", (0.9, 3.0)),),
                hold_s=(0.8, 3.0),
                weight=0.5,
            ),
            Variant(
                "roll",
                pulses=(
                    Pulse("shrug_left", (0.012, 0.03), "swing", (0.7, 1.6)),
                    Pulse("shrug_right", (0.012, 0.03), "swing", with_previous=True),
                    Pulse("round", (0.01, 0.03), "swing", with_previous=True),
                ),
                hold_s=(1.0, 3.0),
                weight=0.7,
            ),
        ),
        weight=2.0,
    ),
)
