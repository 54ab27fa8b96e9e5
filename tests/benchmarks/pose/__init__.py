"""Tests of benchmarks.pose."""
