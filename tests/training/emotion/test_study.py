"""The emotion protocol over a data set."""

import pytest

from engine.errors import UsageError
from tests.training.clips.sets import Given, poses_of, upright
from training.datasets.dataset import Outcome, Video
from training.datasets.labelled_clip import LabelledClip
from training.emotion.models import CONSTANT, models
from training.emotion.study import Study, by_protocol

# To train on; to test on, the first two of which the challenge trains on.
TRAIN, TEST = (1, 7), (9, 10, 54, 71)


def study(outcomes: tuple[Outcome, Outcome] = ("win", "lose"), *, disjoint: bool = False) -> Study:
    videos = [Video(n, outcome=outcomes[k % 2]) for k, n in enumerate((*TRAIN, *TEST))]
    given = {v: (poses_of(upright(20)), [LabelledClip(v.number, 0, 8, 2, 9)]) for v in videos}
    only = {CONSTANT: models()[CONSTANT]}
    return by_protocol(
        Given(given), only, synthetic=False, disjoint=disjoint, seed=0, tell=lambda _: None
    )


@pytest.mark.parametrize(("disjoint", "expected"), [(False, TEST), (True, TEST[2:])])
def test_disjoint_leaves_out_what_the_challenge_trains_on(
    disjoint: bool, expected: tuple[int, ...]
) -> None:
    found = study(disjoint=disjoint)
    assert [int(one.name) for one in found.train] == list(TRAIN)
    assert [int(one.name) for one in found.test] == list(expected)
    assert ("without those that the challenge trains on" in found.how) == disjoint


def test_matches_of_one_outcome_are_refused() -> None:
    with pytest.raises(UsageError, match=r"expected won and lost matches.*2 to train on and 4 to"):
        study(("win", "win"))
