from pathlib import Path

import numpy as np
import pytest

from training.datasets.faults import DataSetError
from training.datasets.number_table import read_table

HEADERS = {
    "pandas with an index": ",0,1,2",
    "pandas without one": "0,1,2,3",
    "names": "frame,x0,y0,c0",
    "names behind nothing": ",x0,y0,c0",
}


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path, *widths: int) -> list[str]:
    with pytest.raises(DataSetError) as raised:
        read_table(path, widths)
    return [str(fault).removeprefix(str(path)) for fault in raised.value.faults]


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_trap_a_header_is_passed_over_and_no_frame_is_lost(tmp_path: Path, header: str) -> None:
    table = read_table(written(tmp_path, f"{header}\n0,5.5,6,0.5\n1,7,8,0.25\n"), (4,))
    assert table.header
    np.testing.assert_array_equal(table.values, [[0, 5.5, 6, 0.5], [1, 7, 8, 0.25]])


def test_a_single_number_or_pair_is_no_header(tmp_path: Path) -> None:
    np.testing.assert_array_equal(read_table(written(tmp_path, "5\n7\n"), (1,)).values, [[5], [7]])
    assert not read_table(written(tmp_path, "5,1\n7,1\n"), (2,)).header


@pytest.mark.parametrize("row", ["0,640.5,300,0.9", "0,0,0,0", "0,1,1,0.5"])
def test_trap_without_a_header_the_first_line_is_a_frame(tmp_path: Path, row: str) -> None:
    table = read_table(written(tmp_path, f"{row}\n1,7,8,0.25\n"), (4,))
    assert not table.header
    assert len(table.values) == 2


def test_blank_lines_a_mark_and_foreign_line_ends_count_for_nothing(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "\ufeff0,5,6,1\r\n\r\n1,7,8,1\r\n\r\n"), (4,))
    np.testing.assert_array_equal(table.values[:, 0], [0, 1])


def test_all_kinds_of_faults_are_told_each_once_with_its_first_place(tmp_path: Path) -> None:
    rows = ["0,1.5,2,3", "1,2", "2,x,2,3", "3,nan,2,3", "4,,2,3", "5,inf,1,1", "6,1e12,1,1", "7,1"]
    assert faults(written(tmp_path, "\n".join(rows) + "\n"), 4) == [
        ":2: expected 4 columns, got 2 (and 1 more such row)",
        ":3: column 2: expected a number, got 'x'",
        ":4: column 2: expected a finite number, got 'nan' (and 1 more such row)",
        ":5: column 2: expected a number, got an empty cell",
        ":7: column 2: 1e12 is beyond any pixel",
    ]


def test_lines_are_counted_with_the_header(tmp_path: Path) -> None:
    assert faults(written(tmp_path, ",0,1,2\n0,1.5,2,3\n1,x,2,3\n"), 4)[0].startswith(
        ":3: column 2"
    )


def test_a_file_cut_off_within_a_row_is_told_as_that(tmp_path: Path) -> None:
    (text,) = faults(written(tmp_path, "0,1.5,2,3\n1,2.5,2,3\n2,4."), 4)
    assert text == ":3: ends within a row, 2 of 4 columns: cut off, copy it again"


def test_a_cut_off_row_is_told_although_all_rows_are_whole_numbers_of_it(tmp_path: Path) -> None:
    (text,) = faults(written(tmp_path, "0,1.5,2"), 4)
    assert "ends within a row, 3 of 4 columns" in text


@pytest.mark.parametrize("text", ["", "\n\n", ",0,1,2\n"])
def test_a_table_without_rows_is_told(tmp_path: Path, text: str) -> None:
    assert faults(written(tmp_path, text), 4) == [": expected rows of numbers, got none"]


def test_another_width_is_told_with_all_that_are_allowed(tmp_path: Path) -> None:
    (text,) = faults(written(tmp_path, "0,1.5,2\n1,2.5,3\n"), 4, 7)
    assert text == ":1: expected 4 or 7 columns, got 3 (and 1 more such row)"


def test_what_is_no_text_or_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    assert "cannot be read: No such file" in faults(path, 4)[0]
    path.write_bytes(b"\xff\xfe\x00\x01")
    assert "expected text" in faults(path, 4)[0]


def test_the_message_of_many_faults_names_the_first_and_the_command(tmp_path: Path) -> None:
    with pytest.raises(DataSetError, match=r"1 more: `python -m training prepare`"):
        read_table(written(tmp_path, "0,1.5,2,3\n1,2\n2,x,2,3\n"), (4,))
