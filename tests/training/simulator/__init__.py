"""Tests of the motion simulator."""
