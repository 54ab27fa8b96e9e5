"""Names of the edges between stages, as they stand in drop counts and health."""

CAPTURE_POSE = "capture-pose"
POSE_RECOGNISE = "pose-recognise"
RECOGNISE_PUBLISH = "recognise-publish"

RECOGNISE = "recognise"
"""No edge: ticks without scores are counted and recorded under it."""
GIVEN_UP = "given_up"
"""The recogniser did not finish a tick in time."""

GOVERNOR = "governor"
"""No edge: what a governor decides beyond single frames is recorded under it."""
