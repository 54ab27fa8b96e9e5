"""Encoders learned from streams that nobody labelled."""
