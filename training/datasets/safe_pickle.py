"""Reads pickles that hold plain data, and executes nothing.

A pickle is a program: it may call anything that can be imported. Here every name that it asks for
is refused, but for those few with which numpy writes arrays; and those are answered by objects of
this module that only remember what they are told. Arrays are made afterwards, from bytes whose
length was checked.
"""

import math
import pickle  # noqa: TID251 - published data sets are pickles; nothing is executed, see above
import re
import struct
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import numpy as np

from training.datasets.faults import DataSetError, Fault

_MODULES = (
    "numpy",
    *(f"numpy.{core}.{part}" for core in ("core", "_core") for part in ("multiarray", "numeric")),
    *("_codecs", "builtins", "__builtin__"),
)
_PLAIN = (str, int, float, bool, type(None))
_NUMBERS = re.compile(r"[biufSU]\d{1,9}")


class Refused(Exception):  # noqa: N818 - of the pickle, not of ours
    """A pickle asked for more than plain data."""


def read_pickle(path: Path) -> Any:
    """What a pickle holds: lists, tuples, dicts, strings, numbers and numpy arrays of numbers.

    Args:
        path: The file.

    Raises:
        DataSetError: It is missing, damaged, or asks for anything else, which is named.
    """
    try:
        with path.open("rb") as file:
            bounded = _Bounded(file, path.stat().st_size)
            return _plain(_Reader(bounded, encoding="latin1").load(), {})
    except OSError as error:
        raise DataSetError([Fault(str(path), f"cannot be read: {error.strerror}")]) from error
    except Refused as error:
        text = f"holds more than data and was not read: {error}"
        raise DataSetError([Fault(str(path), text)]) from error
    except _DAMAGE as error:
        text = f"no pickle, or cut off: copy it again ({type(error).__name__}: {error})"
        raise DataSetError([Fault(str(path), text)]) from error


# What `load` raises on bytes that are no pickle.
_DAMAGE = (
    *(pickle.UnpicklingError, EOFError, ValueError, TypeError, IndexError, KeyError),
    *(AttributeError, OverflowError, RecursionError, struct.error),
)


class _Named:
    """Stands for a name that numpy's pickles ask for. Without attributes, so none can be set."""

    __slots__ = ()


class _Ndarray(_Named):
    __slots__ = ()


class _Reconstruct(_Named):
    __slots__ = ()

    def __call__(self, kind: object, shape: object, code: object) -> "_Array":
        if not isinstance(kind, _Ndarray):
            raise Refused(f"an array of the kind {type(kind).__name__}")
        return _Array()


class _MakeDtype(_Named):
    __slots__ = ()

    def __call__(self, code: object, *_: object) -> "_Dtype":
        return _Dtype(str(code))


class _MakeScalar(_Named):
    __slots__ = ()

    def __call__(self, dtype: object, data: object) -> "_Scalar":
        return _Scalar(dtype, data)


class _Encode(_Named):
    """`_codecs.encode`, by which old protocols write bytes."""

    __slots__ = ()

    def __call__(self, text: object, encoding: object) -> bytes:
        if not isinstance(text, str) or encoding != "latin1":
            raise Refused(f"the encoding {encoding}")
        return text.encode("latin1")


class _FromBuffer(_Named):
    """How the newest protocol writes arrays."""

    __slots__ = ()

    def __call__(self, data: object, dtype: object, shape: object, order: object) -> "_Array":
        array = _Array()
        array.__setstate__((1, shape, dtype, order == "F", data))
        return array


class _Bytes(_Named):
    """How old protocols write no bytes at all."""

    __slots__ = ()

    def __call__(self) -> bytes:
        return b""


_ANSWERS: dict[str, type[_Named]] = {
    "ndarray": _Ndarray,
    "dtype": _MakeDtype,
    "_reconstruct": _Reconstruct,
    "scalar": _MakeScalar,
    "_frombuffer": _FromBuffer,
    "encode": _Encode,
    "bytes": _Bytes,
}


class _Dtype:
    """What a pickle says of the numbers of an array."""

    __slots__ = ("_code", "_order")

    def __init__(self, code: str) -> None:
        self._code = code
        self._order = "="

    def __setstate__(self, state: Any) -> None:
        self._order = str(state[1])

    def made(self) -> np.dtype[Any]:
        """The type; anything but numbers and fixed text is refused."""
        if not _NUMBERS.fullmatch(self._code):
            raise Refused(f"an array of {self._code}")
        dtype = np.dtype(self._code)
        return dtype if self._order == "|" else dtype.newbyteorder(_order(self._order))


def _order(text: str) -> Any:
    if text not in ("<", ">", "="):
        raise Refused(f"the byte order {text}")
    return text


class _Array:
    """What a pickle says of an array."""

    __slots__ = ("_state",)

    def __setstate__(self, state: Any) -> None:
        self._state = state

    def made(self) -> Any:
        """The array, of exactly the bytes that its shape needs."""
        _, shape, dtype, fortran, data = self._state
        return _from_bytes(shape, dtype, data).reshape(shape, order="F" if fortran else "C").copy()


class _Scalar:
    """What a pickle says of a single number."""

    __slots__ = ("_data", "_dtype")

    def __init__(self, dtype: object, data: object) -> None:
        self._dtype = dtype
        self._data = data

    def made(self) -> Any:
        """The number, as Python has it."""
        return _from_bytes((), self._dtype, self._data)[0].item()


def _from_bytes(shape: tuple[int, ...], dtype: object, data: object) -> Any:
    if isinstance(data, str):  # a pickle of Python 2
        data = data.encode("latin1")
    if not isinstance(dtype, _Dtype) or not isinstance(data, (bytes, bytearray)):
        raise Refused(f"an array of {type(data).__name__}")
    made = dtype.made()
    if len(data) != math.prod(shape) * made.itemsize or min(shape, default=0) < 0:
        raise ValueError(f"an array {shape} of {made} in {len(data)} bytes")
    return np.frombuffer(data, made)


class _Bounded:
    """A file that never sets room aside for more than is left of it."""

    def __init__(self, file: BinaryIO, size_bytes: int) -> None:
        self._file = file
        self._size_bytes = size_bytes

    def read(self, count: int, /) -> bytes:
        """Exactly `count` bytes."""
        if not 0 <= count <= self._size_bytes - self._file.tell():
            raise EOFError(f"{count} bytes asked for, and the file ends before")
        return self._file.read(count)

    def readline(self) -> bytes:
        """A line of an old protocol."""
        return self._file.readline()


class _Reader(pickle._Unpickler):
    """The reader in Python: the one in C takes gigabytes for a file that names a high place."""

    dispatch: ClassVar[Any] = dict(pickle._Unpickler.dispatch)

    def find_class(self, module: str, name: str) -> Any:
        if module in _MODULES and name in _ANSWERS:
            return _ANSWERS[name]()
        raise Refused(f"{module}.{name}")

    def persistent_load(self, pid: Any) -> Any:
        raise Refused(f"the outside object {pid}")


def _load_bytearray(reader: Any) -> None:
    # The one that comes with Python sets room aside before it looks whether there is so much.
    (count,) = struct.unpack("<Q", reader.read(8))
    reader.append(bytearray(reader.read(count)))


_Reader.dispatch[pickle.BYTEARRAY8[0]] = _load_bytearray


def _plain(value: Any, done: dict[int, Any]) -> Any:
    """The same with arrays made; anything that is not plain data is refused.

    Args:
        value: Part of what was read.
        done: Parts by their ids, so that what is shared stays shared.
    """
    if isinstance(value, _PLAIN):
        return value
    if id(value) not in done:
        done[id(value)] = _rebuilt(value, done)
    return done[id(value)]


def _rebuilt(value: Any, done: dict[int, Any]) -> Any:
    kind = type(value)
    if kind in (list, tuple):
        return kind(_plain(item, done) for item in value)
    if kind is dict:
        return {_plain(key, done): _plain(item, done) for key, item in value.items()}
    if kind in (_Array, _Scalar):
        return value.made()
    raise Refused(f"an object of the type {kind.__name__.strip('_')}")
