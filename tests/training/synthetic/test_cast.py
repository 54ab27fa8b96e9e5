"""Who is in which synthetic video."""

from collections import Counter

import pytest

from training.datasets import published
from training.datasets.dataset import Video
from training.datasets.splits import emotion_split, miga_split, subject_split
from training.synthetic.cast import cast


@pytest.mark.parametrize("count", [12, 36, 355])
def test_every_published_protocol_can_be_run(count: int) -> None:
    roles = cast(count)
    videos = [Video(role.video, role.subject, role.outcome, role.part) for role in roles]
    assert len({video.number for video in videos}) == count
    miga, people, emotion = miga_split(videos), subject_split(videos), emotion_split(videos)
    assert set(miga.test) == {role.video for role in roles if role.part == "test"}
    assert set(miga.validation) == {role.video for role in roles if role.part == "validation"}
    assert len(miga.train) >= len(miga.test) > 0
    assert len(miga.validation) > 0
    assert set(people.test) == set(miga.test)
    outcome = {role.video: role.outcome for role in roles}
    for part in (emotion.train, emotion.test):
        counts = Counter(outcome[video] for video in part)
        assert abs(counts["win"] - counts["lose"]) <= 2
        assert min(counts.values()) >= 1


def test_people_are_in_several_videos_and_on_one_side() -> None:
    roles = cast(36)
    sides: dict[int, set[bool]] = {}
    for role in roles:
        sides.setdefault(role.subject, set()).add(role.part == "test")
    assert all(len(side) == 1 for side in sides.values())
    outcomes: dict[int, set[str]] = {}
    for role in roles:
        outcomes.setdefault(role.subject, set()).add(role.outcome)
    assert sum(len(both) == 2 for both in outcomes.values()) > len(outcomes) / 2
    assert max(Counter(role.subject for role in roles).values()) >= 2


def test_no_more_than_there_are() -> None:
    with pytest.raises(ValueError, match="at most 355"):
        cast(published.VIDEOS)
