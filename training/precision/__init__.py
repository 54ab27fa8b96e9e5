"""Variants of an exported model in other precisions, and what they are worth."""
