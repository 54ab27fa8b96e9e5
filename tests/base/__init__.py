"""Tests of what everything agrees on."""
