"""Numbers on a command line, checked where they are read."""

import argparse
import math


def positive(text: str) -> float:
    """A finite number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"expected a finite number above 0, got {text}")
    return value


def part(text: str) -> float:
    """At least 0 and less than 1."""
    value = float(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"expected at least 0 and less than 1, got {text}")
    return value


def count(text: str) -> int:
    """Of streams: 1 to 1024."""
    value = int(text)
    if not 1 <= value <= 1024:
        raise argparse.ArgumentTypeError(f"expected 1 to 1024, got {text}")
    return value


def speed(text: str) -> float:
    """Times real time; 0 for `max`."""
    return 0.0 if text == "max" else positive(text)
