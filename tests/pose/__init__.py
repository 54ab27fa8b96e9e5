"""Tests of plugins.pose."""
