"""Tests of engine.wire."""
