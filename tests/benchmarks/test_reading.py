import mmap
from collections.abc import Callable
from pathlib import Path

import pytest

import benchmarks.reading
from benchmarks.reading import make_copy, measured, reading
from training.datasets.dataset import DataSet
from training.datasets.opening import open_dataset

VIDEOS, SECONDS = 30, 80.0
KEPT_MB = 20 * SECONDS * 25 * 22 * 3 * 4 / 1e6
"""What the joints of the twenty videos after the first ten would take."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    make_copy(folder, VIDEOS, SECONDS)
    return folder


def test_the_copy_is_a_data_set_of_so_many_videos(copy: Path) -> None:
    data = open_dataset(copy)
    assert len(data.videos) == VIDEOS
    assert data.poses(data.videos[-1].number).frames == SECONDS * 25
    assert len(data.clips(1)) == 13


def test_memory_does_not_grow_with_the_number_of_videos(copy: Path) -> None:
    assert measured(copy, "read")["growth_after_ten_mb"] < KEPT_MB / 2


def test_a_reader_that_keeps_its_videos_would_be_seen(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []

    def hoard(data: DataSet, told: Callable[[], None]) -> int:
        for _ in data.videos:
            told()
            # Of the system: what other tests have freed cannot serve for it.
            block = mmap.mmap(-1, 4_000_000)
            block.write(bytes(len(block)))
            kept.append(block)
        return len(kept)

    monkeypatch.setitem(benchmarks.reading.WAYS, "read", hoard)
    assert measured(copy, "read")["growth_after_ten_mb"] > KEPT_MB / 2


def test_clips_are_kept_and_nothing_else() -> None:
    told = reading(12, 20.0)
    assert told["gather"]["clips"] == 12 * 3
    assert told["read"]["peak_mb_after_videos"]["10"] >= told["read"]["before_mb"]
