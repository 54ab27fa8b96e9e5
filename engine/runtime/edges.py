"""Names of the edges between stages, as they stand in drop counts and health."""

CAPTURE_POSE = "capture-pose"
POSE_RECOGNISE = "pose-recognise"
RECOGNISE_PUBLISH = "recognise-publish"

GOVERNOR = "governor"
"""No edge: what a governor decides beyond single frames is recorded under it."""
