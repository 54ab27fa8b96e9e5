"""Tests of plugins.sources."""
