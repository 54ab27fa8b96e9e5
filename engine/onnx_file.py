"""What an ONNX file says about itself, read without any package for it."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

# Numbers of fields in https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
_PROPERTIES, _KEY, _VALUE = 14, 1, 2
_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5
_FIXED = {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}


class _Field(NamedTuple):
    number: int
    whole: memoryview
    content: memoryview


def properties(onnx: bytes) -> dict[str, str]:
    """The file's metadata properties.

    Raises:
        ValueError: It is no such file.
    """
    told = (_property(field.content) for field in _fields(onnx) if field.number == _PROPERTIES)
    return dict(told)


def digest_without(onnx: bytes, key: str) -> str:
    """SHA-256, hex, of everything in the file but one property.

    So a property can say which file it was written for.

    Raises:
        ValueError: It is no such file.
    """
    digest = hashlib.sha256()
    for field in _fields(onnx):
        if field.number != _PROPERTIES or _property(field.content)[0] != key:
            digest.update(field.whole)
    return digest.hexdigest()


def _property(content: memoryview) -> tuple[str, str]:
    texts = {field.number: bytes(field.content).decode() for field in _fields(content)}
    return texts.get(_KEY, ""), texts.get(_VALUE, "")


def _fields(message: bytes | memoryview) -> Iterator[_Field]:
    """A message of protobuf taken apart, see https://protobuf.dev/programming-guides/encoding."""
    view = memoryview(message)
    place = 0
    while place < len(view):
        start = place
        tag, place = _varint(view, place)
        kind = tag & 7
        if kind == _LENGTH:
            size, place = _varint(view, place)
            begin, end = place, place + size
        elif kind == _VARINT:
            begin, end = place, _varint(view, place)[1]
        elif kind in _FIXED:
            begin, end = place, place + _FIXED[kind]
        else:
            raise ValueError(f"byte {start} begins no field")
        if end > len(view):
            raise ValueError(f"is cut off after {len(view)} bytes")
        place = end
        yield _Field(tag >> 3, view[start:end], view[begin:end])


def _varint(view: memoryview, place: int) -> tuple[int, int]:
    """A number in groups of seven bits, and the place after it."""
    value = 0
    for shift in range(0, 70, 7):
        if place >= len(view):
            raise ValueError(f"is cut off after {len(view)} bytes")
        byte = view[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
    raise ValueError(f"byte {place} belongs to a number that does not end")
