"""People found, followed, lost and found again, by what scripted networks say."""

from collections.abc import Iterator

import numpy as np
import pytest

from engine.errors import ModelError
from engine.frames import U8
from plugins.pose.direct.people import People, Seen
from plugins.pose.direct.savings import Savings
from plugins.pose.direct.team import Team
from tests.pose.direct.scripted import WRISTS, Script, body_outputs, detector_outputs

BLANK: U8 = np.zeros((480, 640, 3), np.uint8)
# Cells of a 7 by 7 grid in the picture's square: in its middle, left and right of it.
MIDDLE, LEFT, RIGHT = (1960 + 6 * (3 * 7 + column) for column in (3, 1, 5))
FRAME_S = 0.04


class Watch:
    """People with their networks, at 25 pictures a second."""

    def __init__(self, most: int = 1) -> None:
        self.script = Script()
        self.team = Team(helper=False)
        self.people = People(
            self.script.networks, self.team, most=most, min_score=0.5, smooth=False
        )
        self.number = 0
        self.image = BLANK

    def at_cells(self, *cells: int) -> None:
        """From now on the detector sees people there."""
        scored = [(cell, 0.9 - 0.01 * i) for i, cell in enumerate(cells)]
        self.script.detector.says(*detector_outputs(*scored))

    def hide(self, hidden: bool = True) -> None:
        """From now on the body network sees nobody wherever it looks."""
        self.script.body.says(*body_outputs(WRISTS, 0.1 if hidden else 0.99))

    def look(self, pictures: int = 1) -> list[Seen]:
        for _ in range(pictures):
            seen = self.people.look(self.image, round(self.number * FRAME_S * 1e9), Savings())
            self.number += 1
        return seen

    @property
    def searches(self) -> int:
        return self.script.detector.runs


def hips_px(seen: Seen) -> list[float]:
    assert seen.found.body is not None
    return [round(float(number), 1) for number in seen.found.body[0, :2] * (640, 480)]


@pytest.fixture
def watch() -> Iterator[Watch]:
    made = Watch()
    yield made
    made.people.close()


@pytest.fixture
def following(watch: Watch) -> Watch:
    """Someone in the middle was found in the first picture."""
    watch.at_cells(MIDDLE)
    watch.look()
    return watch


def test_nobody_is_looked_for_in_every_picture(watch: Watch) -> None:
    (seen,) = watch.look(10)
    assert seen.person == 0
    assert seen.found.body is None
    assert watch.searches == 10
    assert watch.script.body.runs == 0


def test_someone_is_followed_from_the_picture_they_are_found_in(watch: Watch) -> None:
    watch.at_cells(MIDDLE)
    (seen,) = watch.look()
    assert seen.person == 1
    assert hips_px(seen) == [320.0, 240.0]


def test_while_someone_is_followed_nobody_is_looked_for(following: Watch) -> None:
    (seen,) = following.look(50)
    assert seen.person == 1
    assert following.searches == 1
    assert following.script.body.runs == 51


def test_someone_lost_is_looked_for_in_the_next_picture(following: Watch) -> None:
    following.look(3)
    following.hide()
    (seen,) = following.look()
    assert seen.found.body is None
    assert following.searches == 1
    following.hide(hidden=False)
    (seen,) = following.look()
    assert following.searches == 2
    assert seen.found.body is not None


@pytest.mark.parametrize(("away_s", "person"), [(0.5, 1), (1.6, 1), (2.5, 2)])
def test_someone_back_soon_is_the_same(following: Watch, away_s: float, person: int) -> None:
    following.look(10)
    following.hide()
    following.at_cells()
    following.look(round(away_s / FRAME_S))
    following.hide(hidden=False)
    following.at_cells(MIDDLE)
    (seen,) = following.look(6)
    assert seen.person == person


def test_someone_elsewhere_at_once_is_somebody_else(following: Watch) -> None:
    following.look(10)
    following.hide()
    following.at_cells()
    following.look()
    following.hide(hidden=False)
    following.at_cells(RIGHT)
    (seen,) = following.look()
    assert seen.person == 2
    assert hips_px(seen)[0] == round(640 * 5.5 / 7, 1)


def test_reset_forgets_and_time_may_begin_anew(following: Watch) -> None:
    following.look(20)
    following.people.reset()
    following.number = 0
    following.at_cells(RIGHT)
    (seen,) = following.look()
    assert following.searches == 2
    assert hips_px(seen)[0] == round(640 * 5.5 / 7, 1)


def test_whoever_is_doubted_is_let_go_and_not_taken_up_there_for_a_second(
    following: Watch,
) -> None:
    following.look(3)
    following.people.doubt(0, round(3 * FRAME_S * 1e9))
    seen = [following.look()[0].person for _ in range(40)]
    assert set(seen[:22]) == {0}
    assert set(seen[30:]) == {2}


def test_somebody_else_is_taken_up_instead(following: Watch) -> None:
    following.look(3)
    following.people.doubt(0, round(3 * FRAME_S * 1e9))
    following.at_cells(MIDDLE, RIGHT)
    (seen,) = following.look()
    assert seen.person == 2
    assert hips_px(seen)[0] == round(640 * 5.5 / 7, 1)


def test_a_picture_of_another_size_begins_anew_at_once(following: Watch) -> None:
    following.look(3)
    following.image = np.zeros((240, 320, 3), np.uint8)
    following.at_cells(RIGHT)
    (seen,) = following.look()
    assert following.searches == 2
    # As parts of the picture it is the same place.
    assert hips_px(seen) == [round(640 * 5.5 / 7, 1), 240.0]


@pytest.mark.parametrize("part", ["detector", "body"])
def test_a_network_that_breaks_is_reported_and_may_recover(watch: Watch, part: str) -> None:
    watch.at_cells(MIDDLE)
    network = watch.script.detector if part == "detector" else watch.script.body
    network.broken = True
    with pytest.raises(ModelError, match="scripted failure"):
        watch.look()
    network.broken = False
    (seen,) = watch.look(6)
    assert seen.found.body is not None


# Several people.


def test_as_many_are_followed_as_were_asked_for() -> None:
    watch = Watch(most=2)
    watch.at_cells(LEFT, MIDDLE, RIGHT)
    seen = watch.look(5)
    assert {one.person for one in seen} == {1, 2}
    # One in the middle comes first.
    assert hips_px(seen[0]) == [320.0, 240.0]


def test_a_place_that_is_free_is_reported_as_nobody() -> None:
    watch = Watch(most=3)
    watch.at_cells(LEFT)
    seen = watch.look(5)
    assert [one.person for one in seen] == [1, 0, 0]


def test_someone_who_comes_later_is_taken_up_beside_the_first() -> None:
    watch = Watch(most=2)
    watch.at_cells(MIDDLE)
    watch.look(10)
    watch.script.detector.says(*detector_outputs((MIDDLE, 0.9), (LEFT, 0.8)))
    persons = [tuple(one.person for one in watch.look()) for _ in range(60)]
    assert persons[-1] == (1, 2)


def test_two_found_in_the_same_place_become_one() -> None:
    watch = Watch(most=2)
    boxes, logits = detector_outputs((MIDDLE, 0.9), (MIDDLE + 1, 0.8))
    boxes[:, 2:4] = 0.0
    watch.script.detector.says(boxes, logits)
    for _ in range(7):  # the next search is of another part of the picture
        assert [one.found.body is not None for one in watch.look()] == [True, False]
