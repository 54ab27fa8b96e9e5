"""What can be tested on one kind of system only."""

import sys

import pytest

posix_only = pytest.mark.skipif(
    sys.platform == "win32", reason="NOT POSIX: owners and modes of files are not tested here"
)
