"""Plans on disk, each with what it was built for beside it, written whole or not at all."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from engine.engine_key import FORMAT, EngineKey
from engine.user_folders import distrust

_PLAN, _SIDECAR, _UNFINISHED = ".plan", ".json", ".tmp"


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """A plan is not there or must not be used; the message says why."""


class Sidecar(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What lies beside a plan, as JSON.

    Attributes:
        format: See `FORMAT`; read before all else.
        key: What the plan was built for.
        sha256: Of the plan, hex.
        size: Of the plan, in bytes.
        build_s: How long it took to build.
    """

    format: int = FORMAT
    key: EngineKey
    sha256: str
    size: int
    build_s: float


class _Envelope(Struct, frozen=True):
    format: int


class PlanFolder:
    """Pairs of files in one folder, named after the digest of their key.

    The plan is put in place before its sidecar, each at once under its final name: a reader sees
    both whole, or no entry. Only one process at a time may `write`, `remove` or `prune`.

    Args:
        path: The folder; see `user_folders.distrust` for what may be read from it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, digest: str) -> tuple[Sidecar, bytes]:
        """An entry, checked.

        Raises:
            Refused: It is missing, damaged, or not what it says.
        """
        sidecar = self.sidecar(digest)
        plan = self._bytes(digest + _PLAN)
        if sidecar.key.digest != digest:
            raise Refused(f"tampered: the sidecar {digest}{_SIDECAR} is of another engine")
        if len(plan) < sidecar.size:
            raise Refused(
                f"truncated: {digest}{_PLAN} has {len(plan)} bytes, expected {sidecar.size}"
            )
        found = hashlib.sha256(plan).hexdigest()
        if found != sidecar.sha256:
            raise Refused(
                f"tampered: {digest}{_PLAN} has the SHA-256 {found[:16]}, "
                f"expected {sidecar.sha256[:16]}"
            )
        return sidecar, plan

    def sidecar(self, digest: str) -> Sidecar:
        """What an entry says about itself.

        Raises:
            Refused: It is missing, unreadable or of another format.
        """
        name = digest + _SIDECAR
        content = self._bytes(name)
        try:
            found = msgspec.json.decode(content, type=_Envelope).format
            if found != FORMAT:
                age = "newer" if found > FORMAT else "older"
                raise Refused(f"{age} format: {name} has {found}, this version reads {FORMAT}")
            return msgspec.json.decode(content, type=Sidecar)
        except msgspec.MsgspecError as error:
            raise Refused(f"unreadable sidecar: {name}: {error}") from error

    def digests(self) -> list[str]:
        """Of all entries, the latest used first."""
        found = []
        for path in self._files(_SIDECAR):
            with suppress(OSError):  # removed meanwhile
                found.append((-path.stat().st_mtime_ns, path.stem))
        return [digest for _, digest in sorted(found)]

    def size(self, digest: str) -> int:
        """Bytes of a plan; 0 if it is not there."""
        try:
            return (self.path / (digest + _PLAN)).stat().st_size
        except OSError:
            return 0

    def touch(self, digest: str) -> None:
        """Note that an entry was used."""
        with suppress(OSError):  # it is no more than a hint
            os.utime(self.path / (digest + _SIDECAR))

    def write(self, plan: bytes, key: EngineKey, build_s: float) -> None:
        """Put an entry in place, or replace one.

        Raises:
            OSError: The disk is full or may not be written.
        """
        sidecar = Sidecar(
            key=key, sha256=hashlib.sha256(plan).hexdigest(), size=len(plan), build_s=build_s
        )
        self.remove(key.digest)
        self._put(key.digest + _PLAN, plan)
        self._put(key.digest + _SIDECAR, msgspec.json.format(msgspec.json.encode(sidecar)))
        self._sync()

    def remove(self, digest: str) -> None:
        """Take an entry away, the sidecar first."""
        for suffix in (_SIDECAR, _PLAN):
            with suppress(OSError):  # missing, or open elsewhere on Windows
                (self.path / (digest + suffix)).unlink()

    def prune(self, keep: int) -> None:
        """Leave the `keep` entries that were used last, and nothing of killed writers."""
        for digest in self.digests()[keep:]:
            self.remove(digest)
        for path in self._files(_PLAN):
            if not path.with_suffix(_SIDECAR).exists():
                self.remove(path.stem)
        for path in self._files(_UNFINISHED):
            with suppress(OSError):
                path.unlink()

    def _files(self, suffix: str) -> Iterator[Path]:
        return self.path.glob("*" + suffix)

    def _bytes(self, name: str) -> bytes:
        path = self.path / name
        try:
            distrusted = distrust(path)
            content = path.read_bytes()
        except FileNotFoundError:
            raise Refused(f"missing: there is no {name}") from None
        except OSError as error:
            raise Refused(f"unreadable: {path}: {error.strerror}") from error
        if distrusted:
            raise Refused(f"not trusted: {distrusted}")
        return content

    def _put(self, name: str, content: bytes) -> None:
        descriptor, temporary = tempfile.mkstemp(dir=self.path, suffix=_UNFINISHED)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(self.path / name)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise

    def _sync(self) -> None:
        """Make the new names last through a power cut, where a folder can be synced."""
        if sys.platform == "win32":
            return
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
