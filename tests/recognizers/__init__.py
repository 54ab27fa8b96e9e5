"""Tests of plugins.recognizers."""
