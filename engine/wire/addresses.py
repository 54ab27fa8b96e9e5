"""Addresses of the feed: what may be bound, what can be connected to."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

from engine.errors import BindError
from engine.redaction import redact

_TCP = re.compile(r"tcp://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.*-]+):(\d{1,5}|\*)", re.ASCII)
_EXAMPLE = "tcp://127.0.0.1:5590, tcp://127.0.0.1:* (any free port) or ipc:///run/user/1000/fidget"


@dataclass(frozen=True)
class Address:
    """A checked address.

    Attributes:
        text: As the socket takes it.
        loopback: Whether only processes of this machine can reach it.
        ipv6: Whether the socket needs IPv6.
        path: File of an `ipc` address, else empty.
        wildcard: Whether the system chooses the port or the file.
    """

    text: str
    loopback: bool
    ipv6: bool = False
    path: str = ""
    wildcard: bool = False


def bind_address(text: str, *, insecure: bool) -> Address:
    """The address to bind.

    Args:
        text: `tcp://HOST:PORT`, `tcp://HOST:*` or `ipc://PATH`.
        insecure: Allow addresses that other machines can reach.

    Raises:
        BindError: It is malformed, or reachable from elsewhere without `insecure`.
    """
    address = _parse(text)
    if not (address.loopback or insecure):
        raise BindError(
            f"refused to bind {address.text}: other machines could read what the person does, "
            "without encryption or a password. Use tcp://127.0.0.1:PORT and an SSH tunnel, or, "
            "on a network that is yours alone, set `insecure = true` in [feed]."
        )
    return address


def connect_address(text: str) -> Address:
    """The address to connect to; any host.

    Raises:
        BindError: It is malformed, or leaves host or port open.
    """
    address = _parse(text)
    if address.wildcard or "*" in address.text:
        raise BindError(
            f"cannot connect to {address.text}: a client needs the real host and port; "
            "the engine prints them when it starts"
        )
    return address


def _parse(text: str) -> Address:
    if text.startswith("ipc://") and len(text) > len("ipc://"):
        path = text[len("ipc://") :]
        return Address(text, loopback=True, path=path, wildcard=path == "*")
    match = _TCP.fullmatch(text)
    if not match:
        raise BindError(f"malformed address '{redact(text)}': expected e.g. {_EXAMPLE}")
    host, port = match.groups()
    if port != "*" and not 1 <= int(port) <= 65535:
        raise BindError(f"malformed address '{text}': a port is 1..65535, or * for any free one")
    return Address(text, _is_loopback(host), ipv6=host.startswith("["), wildcard=port == "*")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:  # a host or interface name: where it leads is not ours to guess
        return False
