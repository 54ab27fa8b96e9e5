"""What a reader of emotion is tested on that its recogniser was trained on."""

from training.datasets import published
from training.datasets.dataset import Video
from training.datasets.leakage import disjoint_emotion_split, leakage
from training.datasets.splits import emotion_split, miga_split

WHOLE = [Video(n) for n in range(1, published.LAST_VIDEO + 1) if n not in published.BROKEN]


def test_of_all_of_imigue_67_of_100_test_videos_are_seen() -> None:
    found = leakage(WHOLE)
    assert (len(found.seen), len(found.unseen)) == (67, 33)
    assert "67 of 100" in str(found)


def test_the_disjoint_protocol_has_only_unseen_ones_and_trains_on_the_same() -> None:
    split = disjoint_emotion_split(WHOLE)
    seen = {*miga_split(WHOLE).train, *miga_split(WHOLE).validation}
    assert len(split.test) == 33
    assert not seen & set(split.test)
    assert split.train == emotion_split(WHOLE).train
