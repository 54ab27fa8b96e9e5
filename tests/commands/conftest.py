"""Small inputs for the commands, made once."""

from pathlib import Path

import pytest

import run_stream


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of the pattern source, recorded by `run` itself."""
    path = tmp_path_factory.mktemp("recording") / "pattern.mcap"
    unhurried = ["--deadline-ms", "60000"]  # a busy machine is to discard nothing as late
    told = ["--source", "pattern", "--duration", "2", "--no-publish", "--record", str(path)]
    code = run_stream.main(["run", *told, *unhurried])
    assert code == 0
    return path
