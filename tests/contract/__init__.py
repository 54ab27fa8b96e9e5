"""One suite for every registered plugin."""
