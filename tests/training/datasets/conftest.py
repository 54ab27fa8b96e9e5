import sys
from importlib.util import find_spec

import pytest

from tests.training.datasets import workbooks


@pytest.fixture
def openpyxl(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library, or where it is not installed what stands for it."""
    if find_spec("openpyxl") is None:
        monkeypatch.setitem(sys.modules, "openpyxl", workbooks)
