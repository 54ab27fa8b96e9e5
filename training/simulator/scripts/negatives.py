"""Speech, sign language and daily acts: what looks like a micro-gesture and is none."""

from training.simulator.scripts.model import Motion, Pulse, Reach, Script, Variant
from training.simulator.scripts.touches import IMIGUE, STILL

_HABIT = "hard negative: people before a webcam"
_BEAT = Motion("beat", (0.02, 0.09), (0.6, 2.2), (0.0, 0.2))
_SMALL_BEAT = Motion("beat", (0.01, 0.03), (0.8, 2.5), (0.0, 0.3))
_AIR = ("air_front", "air_wide", "air_front")
_DOWN = (Pulse("pitch", (-0.5, -0.15), signed=True, rise_s=(0.4, 0.9)),)
_OPEN = (0.0, 0.6)

NEGATIVES: tuple[Script, ...] = (
    Script(
        "illustrative",
        99,
        "Hands that accompany speech, or speak themselves",
        IMIGUE,
        (
            Variant(
                "one hand",
                Reach(_AIR, ("palm",), (_BEAT,), _OPEN, tilt=0.6, palm=(-0.4, 0.4, 0.6)),
                hold_s=(0.3, 1.5),
                steps=(1, 4),
                weight=1.5,
            ),
            Variant(
                "both hands",
                Reach(_AIR, ("palm",), (_BEAT,), _OPEN, tilt=0.6, palm=(-0.6, 0.5, 0.3)),
                Reach(_AIR, ("palm",), (_BEAT,), _OPEN, tilt=0.6, palm=(-0.6, 0.5, 0.3)),
                hold_s=(0.3, 1.5),
                steps=(1, 4),
                weight=2.0,
            ),
            Variant(
                "both hands close together",
                Reach(("air_near",), ("palm",), (_BEAT,), _OPEN, tilt=0.6, palm=(-0.4, 0.6, 0.4)),
                Reach(("air_near",), ("palm",), (_BEAT,), _OPEN, tilt=0.6, palm=(-0.4, 0.6, 0.4)),
                hold_s=(0.3, 1.5),
                steps=(1, 4),
                weight=1.2,
            ),
            Variant(
                "beside the head",
                Reach(
                    ("beside_head", "air_high"),
                    ("palm", "fist"),
                    (_BEAT, _SMALL_BEAT, STILL),
                    (0.0, 1.0),
                    tilt=0.5,
                    palm=(-0.2, 0.0, 1.0),
                ),
                hold_s=(0.4, 2.0),
                steps=(0, 1),
            ),
            Variant(
                "sign",
                Reach(
                    (*_AIR, "air_high", "before_chin"),
                    ("palm", "index"),
                    (_BEAT, _SMALL_BEAT),
                    (0.0, 1.0),
                    tilt=0.7,
                ),
                Reach(
                    (*_AIR, "air_high"),
                    ("palm", "index"),
                    (_BEAT, _SMALL_BEAT),
                    (0.0, 1.0),
                    tilt=0.7,
                ),
                hold_s=(0.2, 0.8),
                steps=(2, 6),
            ),
            Variant(
                "one hand before the chest",
                Reach(
                    ("air_near", "before_chest"),
                    ("palm", "tips", "fist"),
                    (_BEAT, _SMALL_BEAT),
                    (0.0, 1.0),
                    tilt=0.6,
                    side="either",
                ),
                hold_s=(0.3, 1.5),
                steps=(0, 3),
            ),
            Variant(
                "clap",
                Reach(
                    ("meet_mid", "meet_high"),
                    ("palm",),
                    (Motion("tap", (0.05, 0.12), (1.5, 3.5)),),
                    (0.0, 0.2),
                    palm=(-1.0, 0.0, 0.1),
                ),
                Reach(
                    ("meet_mid", "meet_high"),
                    ("palm",),
                    (Motion("tap", (0.05, 0.12), (1.5, 3.5)),),
                    (0.0, 0.2),
                    palm=(-1.0, 0.0, 0.1),
                ),
                hold_s=(0.8, 2.5),
                meet=True,
                weight=0.4,
            ),
        ),
        weight=4.5,
    ),
    Script(
        "pass_before_face",
        None,
        "A hand passes between camera and face, touching nothing",
        _HABIT,
        (
            Variant(
                "held before the face",
                Reach(
                    ("before_face",),
                    ("palm", "tips"),
                    (STILL, _SMALL_BEAT, _BEAT),
                    (0.0, 0.8),
                    tilt=0.6,
                    side="either",
                ),
                hold_s=(0.1, 1.5),
                weight=1.5,
            ),
            Variant(
                "to the lens",
                Reach(("before_lens",), ("tips", "pinch", "palm"), (STILL, _SMALL_BEAT), tilt=0.4),
                hold_s=(0.3, 3.0),
            ),
            Variant(
                "sweep",
                Reach(("before_face", "before_chin"), ("palm",), tilt=0.6, side="other"),
                hold_s=(0.05, 0.15),
                steps=(1, 2),
            ),
            Variant(
                "before the chin",
                Reach(
                    ("before_chin",),
                    ("palm", "tips", "fist"),
                    (STILL, _SMALL_BEAT),
                    (0.0, 1.0),
                    tilt=0.6,
                ),
                hold_s=(0.2, 3.0),
            ),
            Variant(
                "hands held before the chin",
                Reach(("meet_chin", "before_chin"), ("palm", "knuckles"), curl=(0.2, 0.8)),
                hold_s=(0.5, 4.0),
            ),
        ),
        weight=2.4,
    ),
    Script(
        "drink",
        None,
        "A cup or bottle is put to the mouth",
        _HABIT,
        (
            Variant(
                "sip",
                Reach(("cup",), ("palm",), curl=(0.5, 0.8), palm=(-0.7, 0.1, -0.5)),
                pulses=(Pulse("pitch", (0.05, 0.4), signed=True),),
                hold_s=(0.8, 4.0),
            ),
        ),
        weight=0.8,
    ),
    Script(
        "phone",
        None,
        "A telephone at the ear",
        _HABIT,
        (
            Variant(
                "call",
                Reach(
                    ("phone",), ("palm",), (STILL, _SMALL_BEAT), (0.5, 0.85), palm=(-1.0, 0.0, 0.0)
                ),
                pulses=(Pulse("roll", (0.0, 0.25)),),
                hold_s=(3.0, 12.0),
            ),
        ),
        weight=0.6,
    ),
    Script(
        "microphone",
        None,
        "A microphone held before the mouth",
        _HABIT,
        (
            Variant(
                "speak",
                Reach(("microphone",), ("fist", "palm"), (STILL, _SMALL_BEAT), (0.7, 1.0)),
                hold_s=(2.0, 10.0),
            ),
        ),
        weight=0.6,
    ),
    Script(
        "write",
        None,
        "Writing or leafing at the desk",
        _HABIT,
        (
            Variant(
                "write",
                Reach(
                    ("page",),
                    ("pinch",),
                    (Motion("circle", (0.005, 0.02), (1.5, 4.0)),),
                    (0.4, 0.6),
                ),
                Reach(("desk",), ("palm",)),
                _DOWN,
                (2.0, 8.0),
            ),
        ),
        weight=1.0,
    ),
    Script(
        "type",
        None,
        "Typing, or a hand at the mouse",
        _HABIT,
        (
            Variant(
                "type",
                Reach(
                    ("keyboard",),
                    ("all_tips",),
                    (Motion("beat", (0.005, 0.02), (2.0, 5.0), (0.1, 0.2)),),
                    (0.3, 0.5),
                ),
                Reach(
                    ("keyboard",),
                    ("all_tips",),
                    (Motion("beat", (0.005, 0.02), (2.0, 5.0), (0.1, 0.2)),),
                    (0.3, 0.5),
                ),
                hold_s=(2.0, 8.0),
            ),
            Variant(
                "mouse", Reach(("mouse",), ("palm",), (_SMALL_BEAT,), (0.2, 0.5)), hold_s=(2.0, 8.0)
            ),
        ),
        weight=1.0,
    ),
    Script(
        "glasses",
        None,
        "Glasses pushed up or taken by the temple",
        _HABIT,
        (
            Variant(
                "bridge",
                Reach(("bridge",), ("index", "middle"), fingers=(-0.4, 0.9, -0.1)),
                hold_s=(0.15, 0.5),
            ),
            Variant(
                "temple",
                Reach(("temple",), ("pinch",)),
                Reach(("temple",), ("pinch",)),
                hold_s=(0.2, 0.7),
            ),
        ),
        weight=0.5,
    ),
    Script(
        "look_about",
        None,
        "The head turns, nods, tilts or bows",
        _HABIT,
        (
            Variant(
                "turn",
                pulses=(Pulse("yaw", (0.15, 0.9), rise_s=(0.2, 0.8)),),
                hold_s=(0.3, 4.0),
                weight=2.0,
            ),
            Variant("bow", pulses=_DOWN, hold_s=(0.3, 5.0), weight=1.5),
            Variant("tilt", pulses=(Pulse("roll", (0.1, 0.4)),), hold_s=(0.3, 4.0)),
            Variant(
                "nod", pulses=(Pulse("pitch", (0.06, 0.2), "swing", (1.0, 2.8)),), hold_s=(0.5, 2.0)
            ),
            Variant(
                "shake", pulses=(Pulse("yaw", (0.1, 0.3), "swing", (0.8, 2.2)),), hold_s=(0.6, 2.0)
            ),
            Variant(
                "up a little",
                pulses=(Pulse("pitch", (0.05, 0.12), signed=True),),
                hold_s=(0.3, 2.0),
                weight=0.5,
            ),
        ),
        weight=3.0,
    ),
    Script(
        "settle",
        None,
        "A slow change of posture",
        _HABIT,
        (
            Variant(
                "slow lean",
                pulses=(Pulse("lean", (0.05, 0.2), "stay", rise_s=(3.0, 6.0)),),
                hold_s=(0.5, 1.0),
            ),
            Variant(
                "slump",
                pulses=(Pulse("rise", (-0.05, -0.01), "stay", rise_s=(1.5, 4.0), signed=True),),
                hold_s=(0.5, 1.0),
            ),
            Variant(
                "small sway",
                pulses=(Pulse("shift", (0.003, 0.012), "swing", (0.2, 0.6)),),
                hold_s=(1.5, 5.0),
            ),
        ),
        weight=1.0,
    ),
    Script(
        "stand_up",
        None,
        "The person rises, or goes out of the picture",
        _HABIT,
        (
            Variant(
                "stand and sit",
                pulses=(
                    Pulse("lean", (0.3, 0.6), signed=True, rise_s=(0.5, 0.9)),
                    Pulse("rise", (0.25, 0.5), signed=True, rise_s=(0.7, 1.2)),
                ),
                hold_s=(1.0, 4.0),
            ),
            Variant(
                "leave and come back",
                pulses=(Pulse("shift", (0.7, 1.6), rise_s=(0.8, 1.6)),),
                hold_s=(0.5, 3.0),
            ),
        ),
        weight=0.35,
    ),
    Script(
        "hands_in_view",
        None,
        "Hands come up to the desk or rest in view, and go again",
        _HABIT,
        (
            Variant(
                "to the desk",
                Reach(("desk", "arm_rest"), ("palm",), (STILL, _SMALL_BEAT)),
                Reach(("desk", "arm_rest"), ("palm",)),
                hold_s=(1.0, 6.0),
            ),
            Variant(
                "one at rest before the belly",
                Reach(("belly",), ("palm", "fist"), off_m=(0.05, 0.15)),
                hold_s=(1.0, 5.0),
            ),
            Variant(
                "hanging",
                Reach(("hanging",), ("wrist",)),
                Reach(("hanging",), ("wrist",)),
                hold_s=(1.0, 4.0),
                weight=0.4,
            ),
        ),
        weight=1.0,
    ),
)
