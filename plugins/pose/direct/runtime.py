"""What runs a network."""

from typing import Protocol

from engine.frames import U8
from engine.poses import F32


class Network(Protocol):
    """A loaded network for one picture at a time. One thread at a time.

    Attributes:
        picture: `(side, side, 3)` uint8 RGB: what the next `run` looks at. Written in place.
    """

    picture: U8

    def run(self) -> tuple[F32, ...]:
        """Its outputs that are kept, flat, float32; the next `run` overwrites them.

        Raises:
            ModelError: The runtime failed.
        """
        ...
