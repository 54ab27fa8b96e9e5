"""The part of openpyxl that is used, over the workbooks that tests write.

Tests run with openpyxl itself where it is installed.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass
class Sheet:
    root: ElementTree.Element

    def iter_rows(self, *, values_only: bool) -> Iterator[tuple[object, ...]]:
        assert values_only
        for row in self.root.iter(f"{_MAIN}row"):
            cells = {_index(str(c.get("r"))): _value(c) for c in row}
            yield tuple(cells.get(index) for index in range(max(cells, default=-1) + 1))


@dataclass
class Workbook:
    archive: zipfile.ZipFile
    worksheets: list[Sheet] = field(default_factory=list)

    def __post_init__(self) -> None:
        sheet = self.archive.read("xl/worksheets/sheet1.xml")
        self.worksheets.append(Sheet(ElementTree.fromstring(sheet)))

    def close(self) -> None:
        self.archive.close()


def load_workbook(path: Path, *, read_only: bool, data_only: bool) -> Workbook:
    assert read_only
    assert data_only
    return Workbook(zipfile.ZipFile(path))


def _index(place: str) -> int:
    number = 0
    for letter in place.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: ElementTree.Element) -> object:
    text = "".join(cell.itertext())
    return text if cell.get("t") else float(text)
