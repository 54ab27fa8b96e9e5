import os
import pickle  # noqa: TID251 - to write what must be refused
import subprocess
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.training.datasets.copies import write_pickle
from training.datasets.faults import DataSetError
from training.datasets.safe_pickle import read_pickle

NUMERIC: Any = np.core.numeric
MULTIARRAY: Any = np.core.multiarray
ARRAYS = (
    np.arange(6, dtype=np.int64).reshape(2, 3),
    np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3)),
    np.arange(3, dtype=">i2"),
    np.array(["a", "bcd"]),
    np.array([True, False]),
    np.zeros((0, 4), np.float16),
    np.full((), 1.5),
)


class Calls:
    """A pickle of it calls a function when it is read."""

    def __init__(self, function: Any, *arguments: object) -> None:
        self._call = function, arguments

    def __reduce__(self) -> tuple[Any, tuple[object, ...]]:
        return self._call


def refusal(path: Path) -> str:
    with pytest.raises(DataSetError) as raised:
        read_pickle(path)
    return str(raised.value)


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("array", ARRAYS, ids=lambda a: f"{a.dtype}{a.shape}")
def test_arrays_come_back_as_they_were(tmp_path: Path, array: Any, protocol: int) -> None:
    back = read_pickle(write_pickle(tmp_path / "p.pkl", array, protocol))
    np.testing.assert_array_equal(back, array)
    assert back.dtype == array.dtype
    assert back.flags.writeable


_DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.integers(), inner)
    ),
    max_leaves=20,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(_DATA, st.integers(0, 5))
def test_plain_data_comes_back_as_it_was(tmp_path: Path, data: Any, protocol: int) -> None:
    assert read_pickle(write_pickle(tmp_path / "p.pkl", data, protocol)) == data


@pytest.mark.parametrize("number", [np.int64(7), np.float32(0.5), np.bool_(True)])
def test_numbers_of_numpy_become_pythons(tmp_path: Path, number: Any) -> None:
    (back,) = read_pickle(write_pickle(tmp_path / "p.pkl", [number]))
    assert back == number
    assert type(back) in (int, float, bool)


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    ("call", "name"),
    [
        ((os.mkdir,), f"{os.mkdir.__module__}.mkdir"),
        ((eval, "0"), "eval"),
        ((subprocess.Popen,), ".Popen"),
        ((getattr, "", "join"), "getattr"),
        ((np.load,), "numpy.load"),
    ],
)
def test_nothing_is_executed_and_the_name_is_told(
    tmp_path: Path, call: tuple[Any, ...], name: str, protocol: int
) -> None:
    proof = tmp_path / "executed"
    function, *rest = call
    path = write_pickle(tmp_path / "p.pkl", [Calls(function, *(rest or [str(proof)]))], protocol)
    assert name in refusal(path)
    assert "holds more than data" in refusal(path)
    assert not proof.exists()


@pytest.mark.parametrize(
    "value",
    [{1, 2}, b"bytes", Path("p"), 1j, object, np.array([object()]), np.dtype("f4")],
    ids=lambda v: type(v).__name__,
)
def test_other_kinds_of_objects_are_refused(tmp_path: Path, value: Any) -> None:
    assert "holds more than data" in refusal(write_pickle(tmp_path / "p.pkl", [value]))


def test_names_of_numpy_take_no_attributes(tmp_path: Path) -> None:
    # GLOBAL numpy.dtype, then BUILD with a state that sets an attribute.
    path = tmp_path / "p.pkl"
    path.write_bytes(b"cnumpy\ndtype\n(NdVmade\nI1\nstb.")
    assert "not read" in refusal(path) or "no pickle" in refusal(path)


def test_an_array_of_more_bytes_than_there_are_is_refused(tmp_path: Path) -> None:
    whole = pickle.dumps(np.arange(3, dtype=np.int64), 2)
    forged = whole.replace(b"K\x03\x85", b"K\x7f\x85")
    assert forged != whole
    path = tmp_path / "p.pkl"
    path.write_bytes(forged)
    assert "no pickle, or cut off" in refusal(path)


@pytest.mark.parametrize(
    ("data", "shape"), [(bytes(16), (3,)), (bytes(24), (-1,)), (bytes(24), (-3, -1)), (bytes(8), 1)]
)
def test_an_array_has_exactly_the_bytes_of_its_shape(
    tmp_path: Path, data: bytes, shape: object
) -> None:
    forged = Calls(NUMERIC._frombuffer, data, np.dtype("i8"), shape, "C")
    assert "no pickle, or cut off" in refusal(write_pickle(tmp_path / "p.pkl", [forged]))


@pytest.mark.parametrize("data", [bytes(4), bytes(16)])
def test_a_number_has_exactly_its_bytes(tmp_path: Path, data: bytes) -> None:
    forged = Calls(MULTIARRAY.scalar, np.dtype("i8"), data)
    assert "no pickle, or cut off" in refusal(write_pickle(tmp_path / "p.pkl", [forged]))


@pytest.mark.parametrize(
    "data",
    [
        b"Nr\x92Z24.",  # LONG_BINPUT at a place that the reader in C makes room up to
        b"\x96" + (1 << 40).to_bytes(8, "little"),  # BYTEARRAY8
        b"\x8e" + (1 << 40).to_bytes(8, "little"),  # BINBYTES8
        b"\x80\x04\x95" + (1 << 40).to_bytes(8, "little"),  # FRAME
    ],
)
def test_a_few_bytes_do_not_take_gigabytes(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "p.pkl"
    path.write_bytes(data)
    tracemalloc.start()
    try:
        with suppress(DataSetError):
            read_pickle(path)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_list_that_holds_itself_is_refused(tmp_path: Path) -> None:
    itself: list[Any] = []
    itself.append(itself)
    assert "RecursionError" in refusal(write_pickle(tmp_path / "p.pkl", itself))


def test_shared_parts_stay_shared_so_that_no_file_explodes(tmp_path: Path) -> None:
    tree: Any = ["x"]
    for _ in range(60):  # 2 to the 60 leaves, were they copied
        tree = [tree, tree]
    back = read_pickle(write_pickle(tmp_path / "p.pkl", tree))
    assert back[0] is back[1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "p.pkl"
    path.write_bytes(data)
    try:
        read_pickle(path)
    except DataSetError as error:
        assert str(path) in str(error)


def test_a_cut_off_file_is_told(tmp_path: Path) -> None:
    path = write_pickle(tmp_path / "p.pkl", (["0001_0"], [3]))
    path.write_bytes(path.read_bytes()[:-4])
    assert "cut off" in refusal(path)
    assert "cannot be read" in refusal(tmp_path / "nothing.pkl")
