from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.labels import LABELS
from training.datasets.annotations import (
    Annotation,
    beyond,
    read_annotations,
    write_annotations,
)
from training.datasets.elan_annotations import read_elan_annotations, write_elan_annotations
from training.datasets.faults import DataSetError

ANNOTATIONS = st.lists(
    st.builds(
        lambda label, start_ms, length_ms: Annotation(
            label.id, start_ms / 1000, (start_ms + length_ms) / 1000
        ),
        st.sampled_from(LABELS),
        st.integers(0, 100_000),
        st.integers(1, 9_000),
    ),
    max_size=8,
)
FIXTURE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


def written(tmp_path: Path, *lines: str, header: str = "label,start_s,end_s") -> Path:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(DataSetError) as raised:
        read_annotations(path)
    return [str(fault).removeprefix(f"{path}:") for fault in raised.value.faults]


@pytest.mark.parametrize(
    "label", ["touch_face", "8", " Touch_Face", "touching or scratching facial parts"]
)
def test_a_class_may_be_named_in_several_ways(tmp_path: Path, label: str) -> None:
    (found,) = read_annotations(written(tmp_path, f"{label},0.5,1.25"))
    assert found == Annotation(8, 0.5, 1.25)
    assert found.slug == "touch_face"


def test_columns_are_found_by_name(tmp_path: Path) -> None:
    path = written(tmp_path, "why,1.5,99,0.5", header="note,end_s,label,start_s")
    assert read_annotations(path) == (Annotation(99, 0.5, 1.5),)


def test_an_unknown_label_is_named_with_the_nearest(tmp_path: Path) -> None:
    (text,) = faults(written(tmp_path, "touch_fase,0,1"))
    assert text.startswith("2: label 'touch_fase' is unknown; nearest are touch_face, ")
    (text,) = faults(written(tmp_path, "Scratching Head,0,1"))
    assert "scratch_head" in text
    (text,) = faults(written(tmp_path, "???,0,1"))
    assert "turtle_neck" in text  # nothing is near: all


def test_every_fault_is_told_with_its_line(tmp_path: Path) -> None:
    lines = [
        "touch_face,1,1",
        "touch_face,-1,1",
        "touch_face,a,1",
        "touch_face,0,inf",
        "32,0,1",
        "8",
    ]
    assert [text.split(":")[0] for text in faults(written(tmp_path, *lines))] == list("234567")


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    (text,) = faults(written(tmp_path, "8,1", header="label,start_s"))
    assert text == "1: expected a header with label,start_s,end_s; end_s is missing"


def test_what_does_not_lie_in_the_recording_is_told() -> None:
    inside, outside = Annotation(8, 0, 2.05), Annotation(99, 1, 3.5)
    (fault,) = beyond([inside, outside], 2.0, "a.csv")
    assert str(fault) == "a.csv: illustrative from 1 s to 3.5 s: the recording has only 2.000 s"


@FIXTURE
@given(ANNOTATIONS)
def test_both_formats_give_back_what_was_written(tmp_path: Path, given_: list[Annotation]) -> None:
    expected = sorted(given_, key=lambda a: (a.start_s, a.end_s, a.label_id))
    write_annotations(tmp_path / "a.csv", given_)
    assert list(read_annotations(tmp_path / "a.csv")) == expected
    (tmp_path / "a.eaf").unlink(missing_ok=True)
    write_elan_annotations(tmp_path / "a.eaf", given_)
    assert list(read_elan_annotations(tmp_path / "a.eaf")) == expected


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    for write, name in ((write_annotations, "a.csv"), (write_elan_annotations, "a.eaf")):
        with pytest.raises(UsageError, match="cannot be written"):
            write(tmp_path / "nowhere" / name, [Annotation(8, 0, 1)])
