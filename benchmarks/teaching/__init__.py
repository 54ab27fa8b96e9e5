"""How well a gesture is found of which a few examples were shown."""
