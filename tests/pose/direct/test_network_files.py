"""Where the networks lie."""

from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from engine.errors import ModelError
from plugins.pose.direct import network_files
from plugins.pose.direct.network_files import BODY, NETWORKS, NetworkFile, content_hash, located


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
    hashes = {content_hash(network) for network in NETWORKS}
    assert len(hashes) == len(NETWORKS)
    assert all(len(one) == 64 and int(one, 16) for one in hashes)


def test_a_file_that_is_not_there_is_named_with_what_to_do(elsewhere: Path) -> None:
    with pytest.raises(ModelError, match=r"body.*mediapipe 0\.10\.21.*pose_landmark_full.*make"):
        located(BODY)


def test_so_it_is_without_mediapipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_files, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="make run"):
        content_hash(BODY)


def test_the_hash_is_that_of_the_content(elsewhere: Path) -> None:
    path = elsewhere / "modules" / BODY.path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"abc")
    assert located(BODY) == path
    assert content_hash(BODY).startswith("ba7816bf8f01cfea414140de5dae2223")
