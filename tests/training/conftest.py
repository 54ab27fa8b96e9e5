"""What tests of whole training commands share."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve simulated videos of 20 s in iMiGUE's layout; nobody writes there."""
    from training.synthetic.release import synthesize

    folder = tmp_path_factory.mktemp("synthetic") / "data"
    list(synthesize(folder, 12, 20.0))
    return folder


@pytest.fixture(scope="module")
def data(small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy for the tests of one file; what they make of it goes beside it."""
    return Path(shutil.copytree(small_release, tmp_path_factory.mktemp("copy") / "data"))
