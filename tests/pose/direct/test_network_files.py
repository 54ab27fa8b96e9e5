"""Where the networks lie."""

from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from engine.errors import ModelError
from plugins.pose.direct import network_files
from plugins.pose.direct.network_files import BODY, NETWORKS, NetworkFile, located


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An installation of MediaPipe without any network."""
    spec = ModuleSpec("mediapipe", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(network_files, "find_spec", lambda name: spec)
    return tmp_path


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.name)
def test_every_network_is_in_the_wheel(network: NetworkFile) -> None:
    # A tflite file says so from its fifth byte on.
    assert located(network).read_bytes()[4:8] == b"TFL3"


def test_every_network_has_content_of_its_own() -> None:
    assert len({located(network).read_bytes() for network in NETWORKS}) == len(NETWORKS)


def test_a_file_that_is_not_there_is_named_with_what_to_do(elsewhere: Path) -> None:
    with pytest.raises(ModelError, match=r"body.*mediapipe 0\.10\.21.*pose_landmark_full.*make"):
        located(BODY)


def test_so_it_is_without_mediapipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_files, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="make run"):
        located(BODY)


def test_it_lies_among_the_modules(elsewhere: Path) -> None:
    path = elsewhere / "modules" / BODY.path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"abc")
    assert located(BODY) == path
