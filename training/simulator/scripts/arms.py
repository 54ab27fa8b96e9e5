"""Hands at one another and at the arms."""

from training.simulator.scripts.model import Motion, Pulse, Reach, Script, Variant
from training.simulator.scripts.touches import IMIGUE, SCRATCH, STILL

_MEET = ("meet_mid", "meet_low", "meet_high", "meet_chest")
_RUB = Motion("rub", (0.02, 0.05), (0.9, 2.8))
_TAP = Motion("tap", (0.01, 0.03), (0.8, 2.5))
_FIDGET = Motion("circle", (0.004, 0.012), (0.8, 2.5), (0.05, 0.2))
_LONG = (1.0, 10.0)
_ACROSS = (-0.75, 0.45, 0.35)
_INWARD = (-1.0, 0.0, 0.1)

ARMS: tuple[Script, ...] = (
    Script(
        "fold_arms",
        17,
        "Forearms crossed before the chest, hands at the other arm",
        IMIGUE,
        (
            Variant(
                "hands on arms",
                Reach(("inner_elbow",), ("palm", "fingers"), curl=(0.1, 0.4)),
                Reach(("inner_elbow",), ("palm", "fingers"), curl=(0.1, 0.4)),
                hold_s=(1.5, 12.0),
            ),
            Variant(
                "one hand tucked",
                Reach(("inner_elbow",), ("palm", "fingers")),
                Reach(("under_upper_arm",), ("palm", "fingers")),
                hold_s=(1.5, 12.0),
            ),
            Variant(
                "both tucked",
                Reach(("under_upper_arm",), ("palm", "fingers")),
                Reach(("under_upper_arm",), ("palm", "fingers")),
                hold_s=(1.5, 12.0),
                weight=0.6,
            ),
        ),
        weight=1.6,
    ),
    Script(
        "arms_behind_body",
        19,
        "Both hands behind the back",
        IMIGUE,
        (
            Variant(
                "behind",
                Reach(("low_back",), ("palm", "wrist"), palm=(0.0, 0.0, -1.0)),
                Reach(("low_back",), ("palm", "wrist"), palm=(0.0, 0.0, -1.0)),
                (Pulse("round", (-0.03, -0.01), signed=True),),
                (1.5, 10.0),
            ),
        ),
        weight=1.2,
    ),
    Script(
        "touch_arms",
        22,
        "A hand on the other arm, resting, rubbing or scratching",
        IMIGUE,
        (
            Variant(
                "forearm",
                Reach(("forearm",), ("palm", "fingers", "tips"), (STILL, SCRATCH, _RUB)),
                hold_s=(0.8, 6.0),
            ),
            Variant(
                "upper arm",
                Reach(("upper_arm",), ("palm", "fingers", "tips"), (STILL, SCRATCH, _RUB)),
                hold_s=(0.8, 6.0),
            ),
            Variant(
                "elbow or wrist", Reach(("elbow", "wrist"), ("palm", "tips"), (STILL, SCRATCH))
            ),
        ),
        weight=1.6,
    ),
    Script(
        "rub_hands",
        23,
        "Hands hold or rub one another, not interlocked",
        IMIGUE,
        (
            Variant(
                "hold",
                Reach(
                    _MEET, ("palm",), (STILL, _FIDGET), (0.3, 0.7), palm=_INWARD, fingers=_ACROSS
                ),
                Reach(
                    _MEET, ("palm",), (STILL, _FIDGET), (0.4, 0.9), palm=_INWARD, off_m=(0.0, 0.02)
                ),
                hold_s=_LONG,
                meet=True,
            ),
            Variant(
                "rub",
                Reach(_MEET, ("palm",), (_RUB,), (0.0, 0.3), palm=_INWARD),
                Reach(_MEET, ("palm",), (STILL, _RUB), (0.0, 0.3), palm=_INWARD),
                hold_s=(0.8, 5.0),
                meet=True,
            ),
            Variant(
                "one over the other",
                Reach(
                    _MEET,
                    ("palm", "fingers"),
                    curl=(0.1, 0.5),
                    fingers=(-0.9, -0.1, 0.3),
                    palm=(0.0, -0.3, -1.0),
                ),
                Reach(_MEET, ("knuckles",), curl=(0.4, 0.9), fingers=(-0.8, -0.1, 0.4)),
                hold_s=_LONG,
                meet=True,
            ),
            Variant(
                "fist in hand",
                Reach(_MEET, ("fist",), (STILL, _FIDGET), (0.8, 1.0), palm=_INWARD),
                Reach(_MEET, ("palm",), (STILL,), (0.2, 0.5), palm=_INWARD),
                hold_s=_LONG,
                meet=True,
            ),
            Variant(
                "fingers in the palm",
                Reach(
                    _MEET, ("tips",), (STILL, _FIDGET, _TAP), (0.0, 0.4), fingers=(-0.9, 0.2, 0.2)
                ),
                Reach(
                    _MEET,
                    ("palm",),
                    (STILL, _FIDGET),
                    (0.0, 0.4),
                    palm=(-0.8, 0.5, 0.0),
                    fingers=(-0.3, 0.5, 0.6),
                ),
                hold_s=_LONG,
                meet=True,
            ),
            Variant(
                "fist on fist",
                Reach(_MEET, ("fist",), (STILL, _TAP), (0.8, 1.0), fingers=(-0.85, 0.0, 0.4)),
                Reach(_MEET, ("knuckles",), (STILL,), (0.8, 1.0), fingers=(-0.85, -0.1, 0.4)),
                hold_s=_LONG,
                weight=0.6,
                meet=True,
            ),
            Variant(
                "palms together",
                Reach(
                    ("meet_high", "meet_chin", "meet_mid"),
                    ("palm",),
                    (STILL, _RUB),
                    (0.0, 0.15),
                    palm=_INWARD,
                    fingers=(-0.1, 0.9, 0.3),
                ),
                Reach(
                    ("meet_high", "meet_chin", "meet_mid"),
                    ("palm",),
                    (STILL,),
                    (0.0, 0.15),
                    palm=_INWARD,
                    fingers=(-0.1, 0.9, 0.3),
                ),
                hold_s=(0.6, 5.0),
                meet=True,
            ),
        ),
        weight=3.0,
    ),
    Script(
        "cross_fingers",
        24,
        "Fingers of both hands interlocked",
        IMIGUE,
        (
            Variant(
                "clasped",
                Reach(
                    _MEET,
                    ("knuckles",),
                    (STILL, _FIDGET),
                    (0.45, 0.7),
                    palm=_INWARD,
                    fingers=(-0.55, 0.3, 0.6),
                    spread=(0.4, 0.7),
                ),
                Reach(
                    _MEET,
                    ("knuckles",),
                    (STILL, _FIDGET),
                    (0.45, 0.7),
                    palm=_INWARD,
                    fingers=(-0.55, 0.3, 0.6),
                    spread=(0.4, 0.7),
                ),
                hold_s=_LONG,
                meet=True,
            ),
            Variant(
                "under the chin",
                Reach(
                    ("meet_chin",),
                    ("knuckles",),
                    curl=(0.45, 0.7),
                    palm=_INWARD,
                    fingers=(-0.5, 0.7, 0.1),
                ),
                Reach(
                    ("meet_chin",),
                    ("knuckles",),
                    curl=(0.45, 0.7),
                    palm=_INWARD,
                    fingers=(-0.5, 0.7, 0.1),
                ),
                hold_s=_LONG,
                meet=True,
                weight=0.4,
            ),
        ),
        weight=2.4,
    ),
    Script(
        "minaret",
        25,
        "Fingertips meet, palms stand apart",
        IMIGUE,
        (
            Variant(
                "steeple",
                Reach(
                    ("meet_high", "meet_mid", "meet_chin"),
                    ("all_tips",),
                    (STILL, Motion("tap", (0.005, 0.02), (0.8, 2.0))),
                    (0.1, 0.25),
                    (0.0, 0.3),
                    (0.5, 1.0),
                    palm=(-1.0, 0.0, 0.0),
                    fingers=(-0.4, 0.85, 0.3),
                    tilt=0.1,
                ),
                Reach(
                    ("meet_high", "meet_mid", "meet_chin"),
                    ("all_tips",),
                    (STILL,),
                    (0.1, 0.25),
                    (0.0, 0.3),
                    (0.5, 1.0),
                    palm=(-1.0, 0.0, 0.0),
                    fingers=(-0.4, 0.85, 0.3),
                    tilt=0.1,
                ),
                hold_s=(1.0, 8.0),
                meet=True,
            ),
        ),
        weight=0.9,
    ),
    Script(
        "play_objects",
        26,
        "Something turned in the hands: a pen, a ring, a bottle",
        IMIGUE,
        (
            Variant(
                "before the belly",
                Reach(("meet_mid", "meet_low"), ("pinch", "all_tips"), (_FIDGET,), (0.3, 0.7)),
                Reach(("meet_mid", "meet_low"), ("pinch", "palm"), (_FIDGET, STILL), (0.3, 0.7)),
                hold_s=_LONG,
            ),
        ),
        weight=0.4,
        shows=False,
        touching=True,
    ),
    Script(
        "hold_back_arms",
        27,
        "Arms drawn back from what they rested on",
        IMIGUE,
        (
            Variant(
                "to the lap",
                Reach(("lap",), ("palm",)),
                Reach(("lap",), ("palm",)),
                (Pulse("round", (-0.03, -0.01), signed=True),),
                (0.8, 3.0),
            ),
        ),
        weight=0.3,
        shows=False,
    ),
    Script(
        "akimbo",
        30,
        "Hands on the hips, elbows out",
        IMIGUE,
        (
            Variant(
                "both",
                Reach(("hip",), ("palm", "fist")),
                Reach(("hip",), ("palm", "fist")),
                hold_s=(1.0, 8.0),
                weight=2.0,
            ),
            Variant("one", Reach(("hip",), ("palm", "fist")), hold_s=(1.0, 8.0)),
        ),
        weight=1.2,
    ),
)
