from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.training.datasets.copies import write_labels
from training.datasets.faults import DataSetError
from training.datasets.smg import SmgCopy


def smg_sequence(
    root: Path, number: int, labels: Sequence[Sequence[object]] = ((17, 3, 9), (1, 10, 12))
) -> Path:
    folder = root / f"Sample{number:04d}"
    rows = np.arange(4 * 275, dtype=np.float64).reshape(4, 275) / 8
    write_labels(folder / f"{folder.name}_skeleton.csv", rows.tolist())
    write_labels(folder / f"{folder.name}_finelabels.csv", labels)
    write_labels(folder / f"{folder.name}_data.csv", [(4, 28.0, 4500)])
    return folder


@pytest.mark.parametrize("above", [".", "SMG", "SMG/train"])
def test_a_copy_is_read(tmp_path: Path, above: str) -> None:
    smg_sequence(tmp_path / above, 36)
    copy = SmgCopy(tmp_path)
    assert copy.sequences == (36,)
    assert (copy.info(36).frames, copy.info(36).rate_hz) == (4, 28.0)
    first, second = copy.clips(36)
    assert (first.smg_label, first.start_frame, first.end_frame) == (17, 3, 9)
    assert second.number == 1
    joints = copy.joints(36)
    assert joints.shape == (4, 25, 11)
    assert joints[1, 2, 3] == (275 + 2 * 11 + 3) / 8


def test_its_labels_are_its_own_and_have_no_class_of_imigue(tmp_path: Path) -> None:
    smg_sequence(tmp_path, 1)
    assert not hasattr(SmgCopy(tmp_path).clips(1)[0], "class_index")


@pytest.mark.parametrize("label", [0, 18, 99])
def test_a_label_out_of_range_is_told(tmp_path: Path, label: int) -> None:
    smg_sequence(tmp_path, 1, [(label, 3, 9)])
    with pytest.raises(DataSetError, match=f"class: expected 1 to 17, got {label}"):
        SmgCopy(tmp_path).clips(1)


def test_what_is_wrong_or_missing_is_named(tmp_path: Path) -> None:
    folder = smg_sequence(tmp_path, 1)
    copy = SmgCopy(tmp_path)
    (folder / "Sample0001_skeleton.csv").write_text("1.5,2,3\n")
    with pytest.raises(DataSetError, match="expected 275 columns, got 3"):
        copy.joints(1)
    write_labels(folder / "Sample0001_data.csv", [(4, 28.0, 1), (4, 28.0, 1)])
    with pytest.raises(DataSetError, match="expected one row"):
        copy.info(1)
    with pytest.raises(DataSetError, match="no folder Sample0002"):
        copy.clips(2)
