"""What `--source` may be, and which plugin that means."""

from pathlib import Path

from engine import registry

_URL_SCHEMES = ("http", "https", "rtsp", "rtsps", "rtmp", "udp", "tcp", "srt")


def resolve(spec: str) -> tuple[str, str]:
    """Plugin name and target of a source.

    Args:
        spec: A camera index, a device path, a URL, a recording, `pattern`, `PLUGIN:TARGET`, or
            else a file. `auto` is resolved by the run command.
    """
    if spec.isdigit() or spec.startswith("/dev/"):
        return "webcam", spec
    scheme, separator, rest = spec.partition(":")
    if separator and rest.startswith("//") and scheme.lower() in _URL_SCHEMES:
        return "url", spec
    if scheme in registry.names("sources") and (separator or scheme == "pattern"):
        return scheme, rest
    return ("recording" if Path(spec).suffix.lower() == ".mcap" else "file"), spec
