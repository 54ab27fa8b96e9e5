"""What model files of all kinds say about themselves, and how it is read."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec
from msgspec import Struct

from engine.errors import ModelError

MetadataT = TypeVar("MetadataT", bound=Struct)


class Provenance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the weights come from.

    Attributes:
        seed: Of the training run.
        simulator: Hash of the simulator's configuration that made the training data.
        commit: Of the code.
        date: Of the export, as the caller gives it.
        parameters: Trained numbers.
    """

    seed: int = 0
    simulator: str = ""
    commit: str = ""
    date: str = ""
    parameters: int = 0


def encode(metadata: Struct) -> str:
    """As JSON, the same bytes for the same values."""
    return msgspec.json.encode(metadata, order="sorted").decode()


def decode(
    properties: Mapping[str, str], kind: type[MetadataT], *, key: str, newest: int, name: str
) -> MetadataT:
    """Read the metadata of a model file.

    Args:
        properties: Metadata properties of the file.
        kind: What it must be; it has a field `schema_version`.
        key: The property that holds it.
        newest: Version that this engine knows.
        name: What to call the file in messages.

    Raises:
        ModelError: It is not a model of this kind, is damaged, or of a newer version.
    """
    if key not in properties:
        raise ModelError(
            f"{name}: has no '{key}' metadata: it is no recogniser of this project of this kind; "
            "export one with `python -m training export`"
        )
    text = properties[key]
    _check_version(text, newest, name)
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.MsgspecError as error:
        raise ModelError(f"{name}: its metadata is damaged: {error}") from error


def refuse(problems: Iterable[str], name: str) -> None:
    """Tell the first thing that makes a model unfit for this engine.

    Raises:
        ModelError: There is one.
    """
    for problem in problems:
        raise ModelError(f"{name}: {problem}")


def _check_version(text: str, newest: int, name: str) -> None:
    """A newer file may have fields that are unknown here: say so instead of naming them."""
    try:
        version = msgspec.json.decode(text, type=_Version).schema_version
    except msgspec.MsgspecError as error:
        raise ModelError(f"{name}: its metadata is damaged: {error}") from error
    if version > newest:
        raise ModelError(
            f"{name}: its metadata is of version {version}, this engine reads up to {newest}: "
            "update the engine, or export the model with this version"
        )


class _Version(Struct, frozen=True):
    schema_version: int
