"""MediaPipe Holistic on its own graph runner: the reference."""
