"""The logic of `python -m benchmarks engines`, and that it runs through."""
