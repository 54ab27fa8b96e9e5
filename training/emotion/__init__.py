"""From a video's gesture events to its outcome: models that are fitted, and how they compare."""
