"""Keeps MediaPipe's start-up chatter off the terminal without losing a real error.

Its C++ code writes to file descriptor 2 directly; GLOG_minloglevel, TF_CPP_MIN_LOG_LEVEL and
Python's logging do not reach it (tried with 0.10.21). So descriptor 2 is kept aside while the
networks load, and whatever is not on the list of harmless lines is written out afterwards.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

_STDERR = 2
_HARMLESS = re.compile(
    rb"^INFO: "  # TensorFlow Lite: which delegate it made
    rb"|^I\d{4} "  # absl: everything of level INFO
    rb"|before absl::InitializeLog\(\)"
    rb"|inference_feedback_manager\.cc"  # once for every network: no feedback tensors
    rb"|Using NORM_RECT without IMAGE_DIMENSIONS"  # the wheel's own graphs do this
)


@contextmanager
def quiet_native_log() -> Iterator[None]:
    """Hold back what any thread writes to stderr, then write out all but the harmless lines.

    For short stretches only: a process that is killed inside loses the lines held back.
    """
    with tempfile.TemporaryFile() as held:
        if sys.stderr is not None:
            sys.stderr.flush()
        try:
            kept = os.dup(_STDERR)
        except OSError:  # the process has no stderr, so there is nothing to keep clean
            yield
            return
        os.dup2(held.fileno(), _STDERR)
        try:
            yield
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(kept, _STDERR)
            os.close(kept)
            _release(held)


def _release(held: IO[bytes]) -> None:
    held.seek(0)
    for line in held:
        if not _HARMLESS.search(line):
            os.write(_STDERR, line)
