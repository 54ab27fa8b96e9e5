"""Copies of the data sets as tests need them: small, in the published layouts."""

import pickle  # noqa: TID251 - what the readers must read, and must refuse
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.poses import F32

LEFT_FIRST = (7, 4)
"""Wrists of the two sets of fingertips: OpenPose's order."""

RIGHT_FIRST = (4, 7)
BODY = 25
Label = tuple[int, int, int]
Rows = npt.NDArray[np.float64]


def openpose_35(frames: int, wrists: tuple[int, int] = LEFT_FIRST) -> F32:
    """`(T, 35, 3)`: a person of BODY_25 whose point i is at x = 100 + 20 i, and ten fingertips,
    each set a few pixels beside its wrist. Every frame is 1 pixel lower.
    """  # fmt: skip
    points = np.zeros((frames, 35, 3), np.float32)
    points[:, :BODY, 0] = 100 + 20 * np.arange(BODY)
    points[..., 1] = 200 + np.arange(frames)[:, None]
    for hand, wrist in enumerate(wrists):
        tips = slice(BODY + 5 * hand, BODY + 5 * (hand + 1))
        points[:, tips, 0] = points[:, wrist, None, 0] + 1 + np.arange(5)
    points[..., 2] = 0.5
    return points


def openpose_137(frames: int, wrists: tuple[int, int] = LEFT_FIRST) -> F32:
    """`(T, 137, 3)`, the same person with a face and whole hands."""
    small, points = openpose_35(frames, wrists), np.full((frames, 137, 3), 0.25, np.float32)
    points[:, :BODY] = small[:, :BODY]
    points[:, 99:116:4] = small[:, 25:30]
    points[:, 120:137:4] = small[:, 30:35]
    return points


def write_points(path: Path, points: F32, *, header: bool = False, first: int = 0) -> Path:
    """A running number and x, y, confidence of each point; the header is that of pandas."""
    rows = points.reshape(len(points), -1)
    lines = [",".join(["", *map(str, range(rows.shape[1]))])] if header else []
    lines += [",".join([str(n), *map(repr, row.tolist())]) for n, row in enumerate(rows, first)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_labels(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    return path


def miga_video(
    root: Path,
    video: int,
    labels: Sequence[Label] | None = ((8, 0, 4), (99, 6, 9)),
    *,
    part: str = "train",
    frames: int = 12,
    suffix: str = "_light_hand.csv",
) -> Path:
    """One video of the challenge's release; returns its folder."""
    folder = root / f"imigue_skeleton_{part}" / f"{video:04d}"
    points = openpose_35(frames)
    if suffix == "_light.csv":
        points = points[:, :BODY]
    write_points(folder / f"{video:04d}{suffix}", points)
    if labels is not None:
        write_labels(folder / f"{video:04d}_label.csv", labels)
    return folder


def write_label_table(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    """The label table of the full release: video, subject, class, start, end, outcome."""
    header = ("video_id", "subject_id", "class", "start_frame", "end_frame", "win_or_lose")
    return write_labels(path, [header, *rows])


def write_xlsx(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    """A workbook of one sheet, as small as the format allows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _XLSX.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')
        archive.writestr("xl/worksheets/sheet1.xml", _sheet(rows))
    return path


def write_stgcn(folder: Path, clips: F32, names: Sequence[str], labels: Sequence[int]) -> Path:
    """`(N, 3, T, 22, 1)` with its labels; returns the array's path."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "train_data.npy", clips)
    write_pickle(folder / "train_label.pkl", (list(names), list(labels)))
    return folder / "train_data.npy"


def write_pickle(path: Path, value: Any, protocol: int = 4) -> Path:
    path.write_bytes(pickle.dumps(value, protocol))
    return path


def _sheet(rows: Iterable[Sequence[object]]) -> str:
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(_cell(f"{_column(c)}{number}", value) for c, value in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(place: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def _column(index: int) -> str:
    """A, B, …, Z, AA, …"""
    first, last = divmod(index, 26)
    return (_column(first - 1) if first else "") + chr(ord("A") + last)


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XLSX = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_WORKBOOK}.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    f'ContentType="{_WORKBOOK}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
}
