"""Teach by example: from a few examples of a gesture to a model that the engine serves."""
