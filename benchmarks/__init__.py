"""Measurements with their commands; see docs/benchmarks.md."""
