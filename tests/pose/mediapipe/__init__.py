"""Tests of plugins.pose.mediapipe."""
