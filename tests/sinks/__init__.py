"""Tests of the shipped sinks."""
