"""How Python itself is set while a run is live; `docs/latency.md` says what was tried as well."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def settled() -> Iterator[None]:
    """From the end of warm-up to the end of the run: what exists now is not collected.

    Networks and modules are many objects. A full collection through them stops every thread; behind
    this it has nearly nothing to look at.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
