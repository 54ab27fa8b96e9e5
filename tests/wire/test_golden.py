from pathlib import Path

import msgspec
import pytest

from engine.topics import TOPICS, topic_name
from engine.wire.encoder import decode, encode_struct
from tests.wire import make_golden, samples

FILES = sorted(make_golden.GOLDEN.glob("v*/*.bin"))


def _topic(path: Path) -> str:
    kind, stream, _ = samples.BODIES[path.stem]
    return topic_name(kind, stream)


def test_every_kind_of_message_has_golden_bytes() -> None:
    kinds = {samples.BODIES[path.stem][0] for path in FILES}
    assert kinds == set(TOPICS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_golden_bytes_decode_to_what_they_said(path: Path) -> None:
    message = decode(_topic(path), path.read_bytes())
    assert message.body == samples.BODIES[path.stem][2]
    assert message.envelope.session == samples.SESSION
    assert message.envelope.drops == {"capture-pose.overload": 3}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_golden_bytes_encode_to_themselves(path: Path) -> None:
    assert encode_struct(decode(_topic(path), path.read_bytes())) == path.read_bytes()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_unknown_field_is_ignored(path: Path) -> None:
    tree = msgspec.msgpack.decode(path.read_bytes())
    tree["body"]["of_the_future"] = 1
    tree["envelope"]["of_the_future"] = [1]
    message = decode(_topic(path), msgspec.msgpack.encode(tree))
    assert message.body == samples.BODIES[path.stem][2]


def test_the_present_encoder_gives_the_golden_bytes() -> None:
    folder = make_golden.GOLDEN / "v1"
    assert make_golden.golden_payloads() == {
        path.stem: path.read_bytes() for path in folder.glob("*.bin")
    }


def test_health_without_what_was_added_later_is_what_it_was_before() -> None:
    body = msgspec.msgpack.decode(samples.wire(samples.encoder(), "health").payload)["body"]
    assert not {"abstained", "backend", "backend_reason"} & set(body)
    assert list(body)[-1] == "recorder"


def test_a_pose_of_nobody_in_particular_is_what_it_was_before() -> None:
    body = msgspec.msgpack.decode(samples.wire(samples.encoder(), "pose").payload)["body"]
    assert "person" not in body
    assert list(body)[-1] == "pose_ms"


def test_make_golden_refuses_to_change_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_golden, "GOLDEN", tmp_path)
    assert make_golden.main([]) == 0
    changed = tmp_path / "v1" / "log.bin"
    changed.write_bytes(b"other")
    assert make_golden.main([]) == 1
    assert changed.read_bytes() == b"other"
    assert make_golden.main(["--overwrite"]) == 0
    assert changed.read_bytes() != b"other"
