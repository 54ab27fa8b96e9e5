"""Models of whole clips, served live: the published methods, and what a user has taught."""
