"""What MediaPipe makes of a person whose true position is known, and how that was measured."""
