"""How many threads a backend of the processor may use."""

from typing import Annotated, Any

from msgspec import Meta

Threads = Annotated[int, Meta(ge=1, le=64)]


def thread_choices(cores: int) -> tuple[dict[str, Any], ...]:
    """Options with one thread, which is the default, and with more: 2, 4, ... up to the cores."""
    doubled = [1 << power for power in range(1, 7) if 1 << power <= cores]
    return ({}, *({"threads": threads} for threads in doubled))
