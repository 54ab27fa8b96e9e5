"""From ticks of joints to class scores."""
