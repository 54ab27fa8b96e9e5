"""Whom an encoder has learned from."""

from collections.abc import Iterator
from pathlib import Path

from engine.poses import PoseSample
from tests.training.datasets.recorded import moving, recorded
from training.datasets.dataset import Video
from training.pretraining.seen import Seen, SeenVideos, seen_among, seen_in
from training.pretraining.sources import Source, find_sources
from training.synthetic.release import synthesize

REAL = Seen(sets=(SeenVideos(synthetic=False, videos=(5, 6), subjects=(2,)),), recordings=0)
TESTED = (Video(7, subject=2), Video(8, subject=3), Video(5), Video(9))


def nothing() -> Iterator[PoseSample]:
    return iter(())


def test_videos_are_told_from_recordings_and_real_ones_from_synthetic() -> None:
    sources = (
        Source("a", nothing, Video(6, subject=2)),
        Source("b", nothing, Video(5)),
        Source("c", nothing, Video(5, subject=9), synthetic=True),
        Source("d.mcap", nothing),
    )
    made = SeenVideos(synthetic=True, videos=(5,), subjects=(9,))
    assert seen_in(sources) == Seen(sets=(*REAL.sets, made), recordings=1)


def test_sources_tell_what_they_are(tmp_path: Path) -> None:
    list(synthesize(tmp_path / "made", 2, 10.0))
    path = recorded(tmp_path / "a.mcap", moving(1.0, 25.0))
    found = find_sources([tmp_path / "made", path], everybody=True).chosen
    seen = seen_in(found)
    assert seen.recordings == 1
    assert [(one.synthetic, len(one.videos)) for one in seen.sets] == [(True, 2)]
    assert seen.sets[0].subjects


def test_a_video_is_seen_by_its_number_or_by_who_is_in_it() -> None:
    assert seen_among(REAL, TESTED, TESTED, synthetic=False) == (TESTED[0], TESTED[2])
    assert seen_among(REAL, TESTED, TESTED, synthetic=True) == ()


def test_the_data_set_tells_who_was_in_videos_that_were_learned_from() -> None:
    everybody = (*TESTED, Video(6, subject=3))
    assert TESTED[1] in seen_among(REAL, TESTED, everybody, synthetic=False)
