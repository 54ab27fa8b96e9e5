"""`python -m training`, called as a function."""

from pathlib import Path

from training.__main__ import main


def call(*words: str | Path) -> int:
    """The exit code of a command."""
    return main([str(word) for word in words])
