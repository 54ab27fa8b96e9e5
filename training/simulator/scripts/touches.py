"""Hands at head, neck and chest."""

from training.simulator.scripts.model import Motion, Pulse, Reach, Script, Variant

IMIGUE = "iMiGUE, CVPR 2021, Fig. 2"
SCRATCH = Motion("rub", (0.008, 0.025), (2.0, 5.0), (0.0, 0.15))
RUB = Motion("rub", (0.008, 0.02), (1.2, 3.5))
CIRCLE = Motion("circle", (0.006, 0.018), (1.0, 2.5))
TAP = Motion("tap", (0.015, 0.04), (1.0, 3.0))
WIPE = Motion("rub", (0.03, 0.06), (0.6, 1.5))
STILL = Motion()
_HEAD_BOWED = (Pulse("pitch", (-0.35, -0.05), signed=True), Pulse("roll", (0.0, 0.2)))
_TIPS = ("index", "tips", "middle", "all_tips")
_LONG = (1.0, 8.0)

TOUCHES: tuple[Script, ...] = (
    Script(
        "touch_hat",
        3,
        "A hand at the brim or top of a hat",
        IMIGUE,
        (Variant("brim", Reach(("hat_brim",), ("pinch", "tips")), hold_s=(0.4, 2.0)),),
        weight=0.25,
        shows=False,
        touching=True,
    ),
    Script(
        "scratch_head",
        4,
        "A hand on the hairy part of the head, still or scratching",
        IMIGUE,
        (
            Variant("top", Reach(("crown", "hair_line"), _TIPS, (SCRATCH, STILL), (0.2, 0.6))),
            Variant("side", Reach(("scalp_side",), _TIPS, (SCRATCH, STILL), (0.2, 0.6))),
            Variant("back", Reach(("back_of_head",), _TIPS, (SCRATCH, STILL), (0.2, 0.6))),
            Variant("palm on top", Reach(("crown",), ("palm", "fingers"), curl=(0.1, 0.4))),
            Variant(
                "both hands",
                Reach(("crown", "back_of_head", "scalp_side"), ("palm", "fingers")),
                Reach(("crown", "back_of_head", "scalp_side"), ("palm", "fingers")),
                weight=0.5,
            ),
        ),
        weight=1.4,
    ),
    Script(
        "touch_forehead",
        5,
        "Fingers or palm at the forehead or brows",
        IMIGUE,
        (
            Variant(
                "finger tips",
                Reach(("forehead", "brow", "temple"), (*_TIPS, "thumb", "fist"), (STILL, SCRATCH)),
            ),
            Variant("wipe", Reach(("forehead",), ("tips", "fingers", "knuckles"), (WIPE,))),
            Variant(
                "head in hand",
                Reach(("forehead", "temple"), ("tips", "palm", "fist", "fingers")),
                pulses=_HEAD_BOWED,
                hold_s=_LONG,
            ),
        ),
        weight=1.4,
    ),
    Script(
        "cover_face",
        6,
        "One or both hands over eyes, nose and mouth",
        IMIGUE,
        (
            Variant(
                "both hands",
                Reach(
                    ("cheek", "eye"),
                    ("palm", "fingers"),
                    (STILL, RUB),
                    (0.0, 0.3),
                    off_m=(0.0, 0.02),
                ),
                Reach(
                    ("cheek", "eye"),
                    ("palm", "fingers"),
                    (STILL, RUB),
                    (0.0, 0.3),
                    off_m=(0.0, 0.02),
                ),
                _HEAD_BOWED,
                weight=2.0,
            ),
            Variant(
                "one hand",
                Reach(("nose", "bridge"), ("palm", "fingers"), (STILL, WIPE), (0.0, 0.25)),
                pulses=_HEAD_BOWED,
            ),
        ),
        weight=0.9,
    ),
    Script(
        "rub_eyes",
        7,
        "Fingers or knuckles at an eye, mostly rubbing",
        IMIGUE,
        (
            Variant(
                "finger",
                Reach(("eye",), ("index", "middle", "tips"), (RUB, CIRCLE, STILL), (0.2, 0.7)),
            ),
            Variant("knuckle", Reach(("eye",), ("knuckles", "fist"), (RUB, CIRCLE), (0.7, 1.0))),
            Variant(
                "bridge",
                Reach(("bridge",), ("pinch",), (RUB, STILL), (0.3, 0.6)),
                pulses=_HEAD_BOWED,
                weight=0.5,
            ),
            Variant(
                "both",
                Reach(("eye",), ("tips", "knuckles"), (RUB, CIRCLE)),
                Reach(("eye",), ("tips", "knuckles"), (RUB, CIRCLE)),
                weight=0.5,
            ),
        ),
        weight=1.3,
    ),
    Script(
        "touch_face",
        8,
        "Fingers at nose, cheek or mouth",
        IMIGUE,
        (
            Variant(
                "nose",
                Reach(
                    ("nose", "nostril"),
                    ("index", "pinch", "knuckles", "tips"),
                    (STILL, SCRATCH, RUB),
                ),
            ),
            Variant("cheek", Reach(("cheek",), _TIPS, (STILL, SCRATCH, RUB), side="either")),
            Variant(
                "mouth",
                Reach(
                    ("lips", "upper_lip"),
                    ("index", "tips", "all_tips", "knuckles", "fist"),
                    (STILL, TAP, RUB),
                ),
            ),
            Variant(
                "wipe mouth", Reach(("lips",), ("fingers", "thumb"), (WIPE,)), hold_s=(0.3, 1.2)
            ),
            Variant(
                "rest", Reach(("cheek", "lips"), ("fist", "palm", "fingers", "tips")), hold_s=_LONG
            ),
        ),
        weight=2.4,
    ),
    Script(
        "touch_ears",
        9,
        "Fingers at an ear or its lobe",
        IMIGUE,
        (
            Variant("ear", Reach(("ear",), _TIPS, (STILL, SCRATCH, RUB))),
            Variant("lobe", Reach(("lobe",), ("pinch",), (STILL, RUB))),
            Variant(
                "behind", Reach(("behind_ear",), ("index", "tips"), (SCRATCH, STILL)), weight=0.5
            ),
        ),
        weight=1.3,
    ),
    Script(
        "bite_nails",
        10,
        "Fingertips between the teeth",
        IMIGUE,
        (
            Variant(
                "bite",
                Reach(("lips",), ("index", "tips", "thumb"), (STILL, TAP), (0.5, 0.8)),
                hold_s=_LONG,
            ),
        ),
        weight=0.25,
        shows=False,
        touching=True,
    ),
    Script(
        "touch_jaw",
        11,
        "A hand at chin or jaw, resting or stroking",
        IMIGUE,
        (
            Variant(
                "chin",
                Reach(("chin",), ("index", "pinch", "tips", "thumb"), (STILL, RUB)),
                hold_s=_LONG,
            ),
            Variant("stroke", Reach(("chin", "jaw"), ("pinch", "tips", "fingers"), (WIPE, RUB))),
            Variant(
                "rest on fist",
                Reach(("under_chin", "jaw"), ("fist", "knuckles", "palm"), curl=(0.5, 1.0)),
                hold_s=_LONG,
            ),
            Variant("jaw side", Reach(("jaw",), (*_TIPS, "palm"), (STILL, SCRATCH))),
            Variant(
                "chin in both hands",
                Reach(("under_chin", "jaw"), ("palm", "fist")),
                Reach(("under_chin", "jaw"), ("palm", "fist")),
                hold_s=_LONG,
                weight=0.4,
            ),
        ),
        weight=2.0,
    ),
    Script(
        "touch_neck",
        12,
        "A hand at throat, side or back of the neck",
        IMIGUE,
        (
            Variant("throat", Reach(("throat",), (*_TIPS, "palm"), (STILL, SCRATCH, RUB))),
            Variant(
                "side",
                Reach(("neck_side",), (*_TIPS, "palm"), (STILL, SCRATCH, RUB), side="either"),
            ),
            Variant(
                "back",
                Reach(("neck_back",), ("palm", "fingers", "tips"), (STILL, RUB, SCRATCH)),
                hold_s=(0.6, 5.0),
            ),
        ),
        weight=1.6,
    ),
    Script(
        "play_hair",
        13,
        "Hair taken between fingers, put back or stroked",
        IMIGUE,
        (
            Variant(
                "beside the head", Reach(("hair_side",), ("pinch", "tips"), (CIRCLE, RUB, STILL))
            ),
            Variant(
                "long hair",
                Reach(
                    ("hair_long",),
                    ("pinch", "tips", "fingers"),
                    (WIPE, CIRCLE, STILL),
                    side="either",
                ),
            ),
            Variant(
                "fringe", Reach(("fringe",), ("tips", "pinch"), (WIPE, STILL)), hold_s=(0.3, 1.5)
            ),
            Variant(
                "behind the ear",
                Reach(("behind_ear",), ("index", "tips"), (WIPE,)),
                hold_s=(0.3, 1.2),
            ),
        ),
        weight=0.8,
        shows=False,
        touching=True,
    ),
    Script(
        "adjust_collar",
        14,
        "Buttons, collar or tie pulled or set right",
        IMIGUE,
        (
            Variant(
                "collar",
                Reach(("collar", "collar_side"), ("pinch",), (RUB, TAP, STILL), side="either"),
            ),
            Variant("tie", Reach(("tie",), ("pinch", "all_tips"), (WIPE, RUB, STILL))),
            Variant(
                "button",
                Reach(("button", "tie"), ("pinch",), (CIRCLE, RUB)),
                Reach(("button", "tie"), ("pinch",), (CIRCLE, RUB)),
                # Looks like hands at one another (23), which are far more common.
                weight=0.25,
            ),
            Variant(
                "both at the collar",
                Reach(("collar", "collar_side"), ("pinch",), (TAP, RUB)),
                Reach(("collar", "collar_side"), ("pinch",), (TAP, RUB)),
                weight=0.6,
            ),
        ),
        weight=1.0,
    ),
    Script(
        "cover_notch",
        15,
        "A hand on the pit of the neck",
        IMIGUE,
        (
            Variant(
                "palm or tips",
                Reach(("notch",), ("palm", "tips", "fingers", "index"), (STILL, RUB)),
                hold_s=(0.6, 5.0),
            ),
        ),
        weight=1.0,
    ),
    Script(
        "scratch_back",
        16,
        "A hand behind the back, scratching",
        IMIGUE,
        (
            Variant(
                "from below", Reach(("back_itch",), ("tips",), (SCRATCH,), palm=(0.0, 0.0, 1.0))
            ),
            Variant(
                "over the shoulder",
                Reach(("shoulder_blade",), ("tips",), (SCRATCH,), palm=(0.0, 0.0, 1.0)),
            ),
        ),
        weight=0.3,
        shows=False,
        touching=True,
    ),
    Script(
        "dust_clothes",
        18,
        "A flat hand brushes over the clothes",
        IMIGUE,
        (
            Variant(
                "chest",
                Reach(
                    ("chest", "flank", "belly"),
                    ("palm", "fingers"),
                    (
                        Motion("rub", (0.05, 0.11), (0.9, 2.5)),
                        Motion("circle", (0.04, 0.08), (0.7, 1.8)),
                    ),
                    (0.0, 0.3),
                    side="either",
                ),
                hold_s=(0.8, 3.0),
            ),
            Variant(
                "shoulder",
                Reach(
                    ("shoulder",),
                    ("palm", "fingers"),
                    (Motion("rub", (0.04, 0.09), (1.0, 2.8)),),
                    (0.0, 0.3),
                ),
                hold_s=(0.7, 2.5),
            ),
        ),
        weight=1.2,
    ),
)
