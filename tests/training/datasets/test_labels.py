from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.labels import LABELS
from tests.training.datasets.copies import write_labels
from training.datasets.faults import DataSetError
from training.datasets.label_file import read_labels
from training.datasets.label_maps import MINUS_ONE, MODULO, likely_map
from training.datasets.labelled_clip import LabelledClip
from training.datasets.tidying import tidied

ROWS = ((8, 0, 4), (99, 6, 9), (31, 6, 6))


def test_trap_the_end_is_inclusive(tmp_path: Path) -> None:
    first, _, last = read_labels(write_labels(tmp_path / "l.csv", ROWS), 4)
    assert (first.start_frame, first.end_frame, first.frames) == (0, 4, 5)
    assert list(range(12))[first.frame_slice] == [0, 1, 2, 3, 4]
    assert last.frames == 1


@pytest.mark.parametrize("header", [[], [("class", "start", "end")]])
def test_trap_a_header_is_not_counted_and_shifts_no_frame(
    tmp_path: Path, header: list[tuple[str, ...]]
) -> None:
    clips = read_labels(write_labels(tmp_path / "l.csv", [*header, *ROWS]), 4)
    assert [clip.sample_id for clip in clips] == ["0004_0", "0004_1", "0004_2"]
    assert [(c.label_id, c.start_frame, c.end_frame) for c in clips] == list(ROWS)


def test_trap_label_99_is_the_last_index(tmp_path: Path) -> None:
    clips = read_labels(write_labels(tmp_path / "l.csv", ROWS), 4)
    assert [clip.class_index for clip in clips] == [7, 31, 30]


def test_every_fault_of_a_label_file_is_told(tmp_path: Path) -> None:
    rows = [
        (8, 0, 4),
        (32, 0, 4),
        (0, 1, 2),
        (8, 5, 4),
        (8, -1, 4),
        (8, "x", 4),
        (8, 1),
        (8, 1.5, 2),
    ]
    path = write_labels(tmp_path / "l.csv", rows)
    with pytest.raises(DataSetError) as raised:
        read_labels(path, 1)
    assert [str(fault).removeprefix(f"{path}:") for fault in raised.value.faults] == [
        "2: class: expected 1 to 31 or 99, got 32",
        "3: class: expected 1 to 31 or 99, got 0",
        "4: ends at frame 4, before its start at 5",
        "5: start_frame: expected 0 or more, got -1",
        "6: start_frame: expected a whole number, got 'x'",
        "7: expected class,start_frame,end_frame, got 2 columns",
        "8: start_frame: expected a whole number, got '1.5'",
    ]


def test_whole_numbers_may_be_written_with_a_point(tmp_path: Path) -> None:
    (clip,) = read_labels(write_labels(tmp_path / "l.csv", [("8.0", "1.0", "4.0")]), 1)
    assert (clip.label_id, clip.start_frame, clip.end_frame) == (8, 1, 4)


def test_both_label_maps_cover_every_class_once() -> None:
    for label_map in (MINUS_ONE, MODULO):
        assert sorted(label_map.raw) == list(range(32))
        assert sorted(label_map.raw.values()) == sorted(label.id for label in LABELS)
    assert (MINUS_ONE.raw[0], MINUS_ONE.raw[30], MINUS_ONE.raw[31]) == (1, 31, 99)
    assert (MODULO.raw[0], MODULO.raw[1], MODULO.raw[31]) == (99, 1, 31)


@pytest.mark.parametrize("label_map", [MINUS_ONE, MODULO])
def test_trap_the_other_label_map_is_told_by_the_frequencies(label_map: object) -> None:
    raw = MINUS_ONE.raw if label_map is MINUS_ONE else MODULO.raw
    index_of = {label_id: index for index, label_id in raw.items()}
    indices = [index_of[label.id] for label in LABELS for _ in range(label.train_count)]
    assert likely_map(indices) == (label_map, True)


def test_too_few_clips_tell_nothing_and_the_official_map_is_taken() -> None:
    assert likely_map([30]) == (MINUS_ONE, False)
    assert likely_map([]) == (MINUS_ONE, False)


def clip(number: int, start: int, end: int, label: int = 8) -> LabelledClip:
    return LabelledClip(4, number, label, start, end)


def test_trap_unsorted_repeated_and_overlapping_rows_are_told() -> None:
    given_clips = [clip(0, 5, 9), clip(1, 0, 4), clip(2, 5, 9), clip(3, 5, 9, 20)]
    found = tidied(given_clips, 20)
    assert [c.number for c in found.clips] == [1, 0, 3]
    assert found.notes == (
        "clips that start before the one above them: 1, sorted",
        "clips that repeat another exactly: 1, taken once",
        "clips that overlap an earlier one: 1, kept",
    )


def test_a_long_clip_overlaps_all_that_lie_in_it() -> None:
    found = tidied([clip(0, 0, 9), clip(1, 2, 3, 20), clip(2, 5, 6, 20)], 20)
    assert found.notes == ("clips that overlap an earlier one: 2, kept",)


def test_trap_a_clip_beyond_the_video_is_clamped_and_told() -> None:
    found = tidied([clip(0, 0, 4), clip(1, 8, 12), clip(2, 10, 11)], 10)
    assert [(c.start_frame, c.end_frame) for c in found.clips] == [(0, 4), (8, 9)]
    assert found.notes == (
        "clip 0004_1, frames 8 to 12, is beyond the 10 frames of the video: cut off at 9",
        "clip 0004_2, frames 10 to 11, is beyond the 10 frames of the video: left out",
    )


def test_good_clips_have_no_notes_and_an_unknown_length_clamps_nothing() -> None:
    clips = (clip(0, 0, 4), clip(1, 5, 99))
    assert tidied(clips, None).clips == clips
    assert tidied(clips, None).notes == ()


_SPANS = st.tuples(st.integers(0, 60), st.integers(0, 20), st.sampled_from((8, 20, 99)))


@given(st.lists(_SPANS, max_size=20), st.integers(1, 50))
def test_tidied_clips_lie_in_the_video_in_order_and_once(
    spans: list[tuple[int, int, int]], frames: int
) -> None:
    clips = [clip(i, start, start + more, label) for i, (start, more, label) in enumerate(spans)]
    found = tidied(clips, frames).clips
    assert all(0 <= c.start_frame <= c.end_frame < frames for c in found)
    assert [c.start_frame for c in found] == sorted(c.start_frame for c in found)
    assert len({c.number for c in found}) == len(found)
    kept = {(c.label_id, t) for c in found for t in range(c.start_frame, c.end_frame + 1)}
    given_frames = {(c.label_id, t) for c in clips for t in range(c.start_frame, c.end_frame + 1)}
    assert kept == {(label, t) for label, t in given_frames if t < frames}
