"""A camera on the network."""

from engine.clock import Clock
from engine.errors import SourceError, Trouble
from engine.redaction import redact
from plugins.sources.address import Address
from plugins.sources.av_stream import AvLink
from plugins.sources.frozen import FrozenDetector
from plugins.sources.http_stream import HttpMjpegLink, request
from plugins.sources.link import Link
from plugins.sources.options import LiveOptions
from plugins.sources.reader import Limits
from plugins.sources.reconnecting import ReconnectingSource


class UrlSource(ReconnectingSource):
    """HTTP MJPEG by a reader of our own; RTSP and all else by FFmpeg.

    Args:
        target: The URL; credentials go before the host.
        config: Options.
    """

    class Config(LiveOptions, frozen=True, kw_only=True):
        """Options; see `LiveOptions`."""

    def __init__(self, target: str, config: Config) -> None:
        super().__init__(
            redact(target),
            Limits(config.open_timeout_s, config.stall_s),
            FrozenDetector(config.frozen_after_s, config.reopen_after_s),
            Trouble.TIMEOUT,
        )
        self._target = target
        self._config = config

    def _connect(self, clock: Clock, *, again: bool) -> Link:
        address = self._address()
        timeout_s = self._config.open_timeout_s
        if address.scheme not in ("http", "https"):
            return AvLink(address, timeout_s, clock)
        response = request(address, timeout_s)
        kind = response.headers.get_content_type()
        if kind.startswith("multipart/"):
            return HttpMjpegLink(address, response, clock)
        response.close()
        if kind in ("text/html", "text/plain", "application/json"):
            raise SourceError(
                f"{address.redacted}: expected a video stream, got a page ({kind}): "
                "give the address of the stream itself",
                Trouble.NOT_A_VIDEO,
                transient=True,
            )
        return AvLink(address, timeout_s, clock)

    def _address(self) -> Address:
        try:
            return Address.parse(self._target)
        except ValueError as error:
            raise SourceError(
                f"'{redact(self._target)}' is not a usable URL: {error}", Trouble.NOT_FOUND
            ) from error
