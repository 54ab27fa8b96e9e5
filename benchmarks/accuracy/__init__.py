"""Event accuracy on the annotated development clips."""
