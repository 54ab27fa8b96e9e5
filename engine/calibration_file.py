"""What files of measured values have in common: a kind, a version and a checksum.

`calibration` and `training` write them, the engine only reads; what each holds has a schema of its
own.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from engine.errors import CalibrationError


class Sealed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what such a file holds.

    Attributes:
        kind: Says what the file is.
        version: Of the schema.
        checksum: SHA-256 of everything else, hex.
    """

    kind: str
    version: int
    checksum: str = ""


SealedT = TypeVar("SealedT", bound=Sealed)


@dataclass(frozen=True)
class FileKind(Generic[SealedT]):
    """One kind of file.

    Attributes:
        kind: Its `kind`.
        version: The version that is read.
        schema: Its type.
        noun: What to call it.
        command: Command line that makes a new one.
    """

    kind: str
    version: int
    schema: type[SealedT]
    noun: str
    command: str

    def read(self, path: Path) -> SealedT:
        """Read a file and check that nobody has altered it.

        Raises:
            CalibrationError: It is missing, truncated, foreign, of another version, or altered. The
                message says which and what to do.
        """
        found = self._decoded(path)
        if found.checksum != checksum_of(found):
            raise self.refusal(path, "its checksum does not match")
        return found

    def refusal(self, path: Path, why: str) -> CalibrationError:
        """The error that says that a file is not used."""
        return CalibrationError(f"{path}: refused: {why}. Make a new one with `{self.command}`.")

    def _decoded(self, path: Path) -> SealedT:
        try:
            data = path.read_bytes()
            header = msgspec.json.decode(data, type=_Header)
            if header.kind != self.kind:
                raise self.refusal(path, f"expected kind '{self.kind}', got '{header.kind}'")
            if header.version != self.version:
                raise self.refusal(path, f"expected version {self.version}, got {header.version}")
            return msgspec.json.decode(data, type=self.schema)
        except OSError as error:
            raise CalibrationError(f"{path}: cannot be read: {error.strerror}") from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise self.refusal(path, f"not a {self.noun} ({error})") from error


def checksum_of(content: Sealed) -> str:
    """SHA-256 over the canonical form without the checksum itself."""
    bare = msgspec.structs.replace(content, checksum="")
    return hashlib.sha256(msgspec.json.encode(bare, order="sorted")).hexdigest()


def sealed(content: SealedT) -> SealedT:
    """The same with its checksum, and each number of the type that reading it will give.

    Raises:
        msgspec.ValidationError: A value is not allowed.
    """
    read = msgspec.json.decode(msgspec.json.encode(content), type=type(content))
    return msgspec.structs.replace(read, checksum=checksum_of(read))


class _Header(Struct, frozen=True, kw_only=True):
    """What every version of every file has; read first, so that a newer one is told apart."""

    kind: str
    version: int
