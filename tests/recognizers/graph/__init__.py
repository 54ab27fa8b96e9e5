"""Tests of the learned recogniser as the engine serves it."""
