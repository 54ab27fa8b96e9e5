"""A connection to a camera that sends MJPEG over HTTP."""

import http.client
import ipaddress
import urllib.error
import urllib.request
import zlib
from collections import deque
from typing import Any

from engine.clock import Clock
from engine.contracts import SourceInfo
from engine.errors import SourceError, Trouble
from plugins.sources.address import Address
from plugins.sources.jpeg import decode_jpeg
from plugins.sources.link import Shot
from plugins.sources.multipart import MultipartJpegs

_CHUNK_BYTES = 64 * 1024


class HttpMjpegLink:
    """An open MJPEG stream. Opening waits for the first picture.

    Args:
        address: For the description.
        response: Whose body is the stream.
        clock: Stamps each picture when its last byte has arrived.

    Raises:
        SourceError: No picture comes.
    """

    def __init__(self, address: Address, response: http.client.HTTPResponse, clock: Clock) -> None:
        self._address = address
        self._response = response
        self._clock = clock
        self._parts = MultipartJpegs()
        self._ready: deque[Shot] = deque()
        try:
            self._fill()
            image = self._ready[0].decode()
        except BaseException:
            self.close()
            raise
        self.info = SourceInfo(address.redacted, image.shape[1], image.shape[0])

    def grab(self) -> Shot:
        """See `Link.grab`."""
        if not self._ready:
            self._fill()
        return self._ready.popleft()

    def close(self) -> None:
        """See `Link.close`."""
        self._response.close()

    def _fill(self) -> None:
        while not self._ready:
            pictures = self._parts.push(self._receive())
            arrived_ns = self._clock.now_ns()
            self._ready.extend(_shot(arrived_ns, picture) for picture in pictures)

    def _receive(self) -> bytes:
        try:
            data = self._response.read1(_CHUNK_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise network_error(self._address, error) from error
        if not data:
            raise SourceError(
                f"{self._address.redacted}: the camera closed the connection",
                Trouble.CONNECTION_FAILED,
                transient=True,
            )
        return data


def request(address: Address, timeout_s: float) -> http.client.HTTPResponse:
    """Ask for the stream; basic and digest authentication, redirects followed.

    Raises:
        SourceError: `denied`, `not_found`, `timeout` or `connection_failed`.
    """
    opener = urllib.request.build_opener(*_handlers(address))
    try:
        response: http.client.HTTPResponse = opener.open(address.plain_url, timeout=timeout_s)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise network_error(address, error) from error
    return response


def network_error(address: Address, error: Exception) -> SourceError:
    """What a failed request or read means for the user."""
    where = address.redacted
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return _http_error(where, error.code)
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        message = f"{where}: no answer in time: check that the camera is on and reachable"
        return SourceError(message, Trouble.TIMEOUT, transient=True)
    what = getattr(cause, "strerror", None) or type(cause).__name__
    return SourceError(
        f"{where}: cannot connect: {what}: check address, port and network",
        Trouble.CONNECTION_FAILED,
        transient=True,
    )


def _http_error(where: str, code: int) -> SourceError:
    if code in (401, 403):
        message = f"{where}: access denied (HTTP {code}): give http://USER:PASSWORD@HOST/..."
        return SourceError(message, Trouble.DENIED, transient=True)
    if code in (404, 410):
        message = f"{where}: there is no such page (HTTP {code}): check the path"
        return SourceError(message, Trouble.NOT_FOUND, transient=True)
    message = f"{where}: the camera answered HTTP {code}"
    return SourceError(message, Trouble.CONNECTION_FAILED, transient=True)


def _shot(arrived_ns: int, picture: bytes) -> Shot:
    return Shot(arrived_ns, lambda: decode_jpeg(picture), zlib.crc32(picture))


def _handlers(address: Address) -> list[urllib.request.BaseHandler]:
    handlers: list[urllib.request.BaseHandler] = []
    if _is_local(address.host):
        # A proxy for the web does not know this network's cameras.
        handlers.append(urllib.request.ProxyHandler({}))
    if address.user:
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, address.plain_url, address.user, address.password)
        handlers.append(_BasicAuth(passwords))
        handlers.append(_DigestAuth(passwords))
    return handlers


class _BasicAuth(urllib.request.HTTPBasicAuthHandler):
    def http_error_401(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        # urllib leaves the refused connection open until it is collected.
        fp.close()
        return super().http_error_401(req, fp, code, msg, headers)


class _DigestAuth(urllib.request.HTTPDigestAuthHandler):
    def http_error_401(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        fp.close()
        return super().http_error_401(req, fp, code, msg, headers)


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"
