"""Who runs step graphs, and what happens when a backend fails."""
