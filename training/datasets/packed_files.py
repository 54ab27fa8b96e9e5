"""The two packed forms in use: ST-GCN's array with a pickle beside it, and pyskl's pickle."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from engine.poses import F32
from training.datasets.faults import DataSetError, Fault
from training.datasets.label_maps import LabelMap
from training.datasets.packed_clips import PackedClips, PackedSample
from training.datasets.points import PACKED_22
from training.datasets.published import HEIGHT_PX, WIDTH_PX
from training.datasets.safe_pickle import read_pickle

DATA = "_data.npy"
LABELS = "_label.pkl"
_SCORE = "keypoint_score"
_FAULTY = (KeyError, TypeError, ValueError, AttributeError, IndexError)


def open_stgcn(path: Path, label_map: LabelMap | None = None) -> PackedClips:
    """ST-GCN's form: `train_data.npy`, `(N, 3, T, 22, 1)` float32, beside `train_label.pkl`.

    The array stays on disk. Long clips are their last 90 frames there, short ones are padded with
    zeros.

    Args:
        path: The `.npy`.
        label_map: As in `PackedClips`.

    Raises:
        DataSetError: One of the two is missing, damaged, or does not fit the other.
    """
    names, indices = _labels(path.with_name(path.name.removesuffix(DATA) + LABELS))
    array = _array(path)
    if len(array) != len(names):
        text = f"holds {len(array)} clips, and its labels are {len(names)}"
        raise DataSetError([Fault(str(path), text)])
    samples = [PackedSample(n, i, (_part(path),)) for n, i in zip(names, indices, strict=True)]
    return PackedClips(path, samples, lambda place: _frames(array[place]), label_map)


def open_pyskl(path: Path, label_map: LabelMap | None = None) -> PackedClips:
    """The form of pyskl: a pickle of `split` and `annotations`.

    Args:
        path: The `.pkl`.
        label_map: As in `PackedClips`.

    Raises:
        DataSetError: It is missing, damaged, or not of this form; or its joints are not the 22.
    """
    tree = read_pickle(path)
    try:
        annotations = list(tree["annotations"])
        parts = _parts(tree.get("split", {}))
        samples = [_sample(each, parts) for each in annotations]
        odd = [_shapes(each) for each in annotations if not _is_ours(*_shapes(each))]
    except _FAULTY as error:
        text = f"expected pyskl's split and annotations ({type(error).__name__}: {error})"
        raise DataSetError([Fault(str(path), text)]) from error
    if odd:
        text = f"expected keypoints (1, T, {PACKED_22.count}, 2) and their scores, got {odd[0]}"
        raise DataSetError([Fault(str(path), f"{text}: only the 22 joints can be read")])
    samples, notes = _resized(samples, annotations)
    return PackedClips(
        path, samples, lambda place: _keypoints(annotations[place]), label_map, notes
    )


def _labels(path: Path) -> tuple[list[str], list[int]]:
    tree = read_pickle(path)
    try:
        names, indices = tree
        return [str(name) for name in names], [int(index) for index in indices]
    except _FAULTY as error:
        text = f"expected names and classes, got {type(tree).__name__} ({error})"
        raise DataSetError([Fault(str(path), text)]) from error


def _array(path: Path) -> F32:
    try:
        array: Any = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        fault = Fault(str(path), f"missing, no array, or cut off ({error})")
        raise DataSetError([fault]) from error
    shape = (3, PACKED_22.count, 1)
    if array.ndim != 5 or (array.shape[1], *array.shape[3:]) != shape or array.dtype.kind != "f":
        text = f"expected (N, 3, T, {PACKED_22.count}, 1) floats, got {array.shape} {array.dtype}"
        raise DataSetError([Fault(str(path), text)])
    return cast(F32, array)  # `_frames` makes it float32, clip by clip


def _frames(clip: F32) -> F32:
    """`(T, 22, 3)` of `(3, T, 22, 1)`."""
    return np.ascontiguousarray(clip[..., 0].transpose(1, 2, 0), np.float32)


def _part(path: Path) -> str:
    return path.name.removesuffix(DATA)


def _parts(split: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for part, names in split.items():
        for name in names:
            found[name] = (*found.get(name, ()), part)
    return found


def _sample(annotation: Mapping[str, Any], parts: Mapping[str, tuple[str, ...]]) -> PackedSample:
    name = str(annotation["frame_dir"])
    height_px, width_px = annotation.get("img_shape", (HEIGHT_PX, WIDTH_PX))
    index = int(annotation["label"])
    return PackedSample(name, index, parts.get(name, ()), int(width_px), int(height_px))


def _shapes(annotation: Mapping[str, Any]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Of the points, and of their scores, which need not be there."""
    points = np.shape(annotation["keypoint"])
    return points, np.shape(annotation[_SCORE]) if _SCORE in annotation else points[:-1]


def _is_ours(points: tuple[int, ...], scores: tuple[int, ...]) -> bool:
    good = len(points) == 4 and min(points) > 0 and points[2:] == (PACKED_22.count, 2)
    return good and scores == points[:-1]


def _resized(
    samples: list[PackedSample], annotations: list[Mapping[str, Any]]
) -> tuple[list[PackedSample], tuple[str, ...]]:
    """Some files state another size than that of the videos, in whose pixels their points are."""
    size_px = np.array((WIDTH_PX, HEIGHT_PX))
    other = {(s.width_px, s.height_px) for s in samples} - {(WIDTH_PX, HEIGHT_PX)}
    if not other or any((np.asarray(a["keypoint"]) > size_px).any() for a in annotations):
        return samples, ()
    stated = ", ".join(f"{width} × {height}" for width, height in sorted(other))
    note = f"states pictures of {stated}, and no point is beyond {WIDTH_PX} × {HEIGHT_PX}"
    resized = [replace(s, width_px=WIDTH_PX, height_px=HEIGHT_PX) for s in samples]
    return resized, (f"{note}, the size of the videos: taken as that",)


def _keypoints(annotation: Mapping[str, Any]) -> F32:
    """`(T, 22, 3)` of the first person."""
    places = np.asarray(annotation["keypoint"], np.float32)[0]
    if _SCORE in annotation:
        score = np.asarray(annotation[_SCORE], np.float32)[0]
    else:
        score = places.any(axis=-1).astype(np.float32)
    return np.concatenate((places, score[..., None]), axis=-1)
