"""Tests of plugins.pose.direct."""
