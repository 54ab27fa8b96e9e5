"""Tests of clip models as the engine serves them."""
