"""How Python itself is set while a run is live; `docs/benchmarks.md` has what each setting does."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SWITCH_INTERVAL_S = 0.001


@contextmanager
def steady(
    *, freeze: bool = True, switch_interval_s: float | None = SWITCH_INTERVAL_S
) -> Iterator[None]:
    """From the end of warm-up to the end of the run; what was set before comes back.

    Args:
        freeze: Let the garbage collector pass over everything that exists now: networks and
            modules are many objects, and a full collection through them stops every thread.
        switch_interval_s: How long a thread may keep the interpreter while another one waits for
            it; None leaves it as it is.
    """
    before_s = sys.getswitchinterval()
    if freeze:
        gc.collect()
        gc.freeze()
    if switch_interval_s is not None:
        sys.setswitchinterval(switch_interval_s)
    try:
        yield
    finally:
        sys.setswitchinterval(before_s)
        if freeze:
            gc.unfreeze()
