"""Credentials out of every text that a person, a log, a feed or a recording gets."""

import re

_USER_IN_URL = re.compile(r"(//)[^/?#\s\"']*@")
_SECRET_IN_QUERY = re.compile(
    r"((?:^|[?&;])(?:user(?:name)?|usr|pass(?:word|wd)?|pwd|token|auth|key|api_?key|secret|sig)=)"
    r"[^&;#\s\"']*",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """`text` with the credentials of every URL in it replaced by `***`; malformed ones too."""
    return _SECRET_IN_QUERY.sub(r"\1***", _USER_IN_URL.sub(r"\1***@", text))
