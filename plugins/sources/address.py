"""URLs of cameras: their credentials, and a form without them for people and logs."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

from engine.redaction import redact


@dataclass(frozen=True, repr=False)
class Address:
    """A URL taken apart.

    Attributes:
        url: As given, credentials included: for the library that connects.
        plain_url: Without user and password.
        user: Decoded; empty if none.
        password: Decoded; empty if none.
    """

    url: str
    plain_url: str
    user: str
    password: str

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Take `url` apart.

        Raises:
            ValueError: It has no scheme or host, or is malformed.
        """
        parts = urlsplit(url)
        if not parts.scheme or not parts.hostname:
            raise ValueError("expected SCHEME://HOST/...")
        _ = parts.port  # raises on a bad one
        plain = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        return cls(url, plain, unquote(parts.username or ""), unquote(parts.password or ""))

    @property
    def scheme(self) -> str:
        """Lower case."""
        return urlsplit(self.url).scheme.lower()

    @property
    def host(self) -> str:
        """Without port."""
        return urlsplit(self.url).hostname or ""

    @property
    def redacted(self) -> str:
        """Fit for a log: credentials before the host and in the query are replaced by `***`."""
        return redact(self.url)

    def __repr__(self) -> str:
        return f"Address({self.redacted})"
