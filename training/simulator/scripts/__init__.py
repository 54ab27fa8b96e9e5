"""What people do: one declarative table of gestures, negatives and the parts they are made of."""

from training.simulator.scripts.table import ABSENT_IDS, BY_NAME, SCRIPTS, seen_in_landmarks

__all__ = ["ABSENT_IDS", "BY_NAME", "SCRIPTS", "seen_in_landmarks"]
