import pytest

from engine.errors import BindError
from engine.wire.addresses import bind_address, connect_address

LOOPBACK = [
    "tcp://127.0.0.1:5590",
    "tcp://127.8.9.10:1",
    "tcp://localhost:65535",
    "tcp://127.0.0.1:*",
    "tcp://[::1]:5590",
    "ipc:///tmp/feed",
    "ipc://@abstract",
]
ELSEWHERE = [
    "tcp://*:5590",
    "tcp://0.0.0.0:5590",
    "tcp://192.168.1.4:5590",
    "tcp://[::]:5590",
    "tcp://eth0:5590",
    "tcp://camera-box.example:5590",
    "tcp://localhost.example:5590",
    "tcp://127.0.0.1.example:5590",
]
MALFORMED = [
    "",
    "5590",
    "127.0.0.1:5590",
    "tcp://127.0.0.1",
    "tcp://127.0.0.1:",
    "tcp://127.0.0.1:0",
    "tcp://127.0.0.1:65536",
    "tcp://127.0.0.1:http",
    "tcp://127.0.0.1:5590/feed",
    "tcp://:5590",
    "tcp://::1:5590",
    "tcp://me:secret@127.0.0.1:5590",
    "http://127.0.0.1:5590",
    "inproc://feed",
    "ipc://",
    "tcp://127.0.0.1:5590\n",
]


@pytest.mark.parametrize("text", LOOPBACK)
def test_loopback_may_be_bound(text: str) -> None:
    address = bind_address(text, insecure=False)
    assert address.loopback
    assert address.text == text


@pytest.mark.parametrize("text", ELSEWHERE)
def test_other_addresses_are_refused_unless_insecure(text: str) -> None:
    with pytest.raises(BindError, match=r"(?s)refused .* SSH tunnel.*`insecure = true`"):
        bind_address(text, insecure=False)
    assert not bind_address(text, insecure=True).loopback


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed_addresses_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(BindError, match="malformed address") as caught:
        bind_address(text, insecure=True)
    assert "secret" not in str(caught.value)
    assert caught.value.exit_code == 6
    with pytest.raises(BindError, match="malformed address"):
        connect_address(text)


@pytest.mark.parametrize("text", ["tcp://127.0.0.1:*", "tcp://*:5590", "ipc://*"])
def test_a_client_needs_a_real_address(text: str) -> None:
    with pytest.raises(BindError, match="real host and port"):
        connect_address(text)


def test_a_client_may_connect_anywhere() -> None:
    assert connect_address("tcp://camera-box.example:5590").text == "tcp://camera-box.example:5590"
    assert connect_address("tcp://[fe80::1]:5590").ipv6
