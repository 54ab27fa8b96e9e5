"""One face from picture to picture, by what a scripted network says."""

import dataclasses
import math

import numpy as np
import pytest

from engine.errors import ModelError
from engine.frames import U8
from engine.skeletons import HOLISTIC_97
from plugins.pose.direct.body import Body
from plugins.pose.direct.face import FaceNetwork
from plugins.pose.direct.face_follower import FaceFollower, by_body
from plugins.pose.direct.region import Region
from plugins.pose.direct.savings import POLICIES, Savings
from tests.pose.direct.scripted import ScriptedNetwork, face_outputs

BLANK: U8 = np.zeros((480, 640, 3), np.uint8)
ALL = Savings()
NOSE_TIP = HOLISTIC_97.index("face_nose_tip") - 75
# Eyes to mouth counts for more than the ears: 1.8 times 45 px is 81.
SIDE_PX = 2.05 * 81.0


def body(right: float = 0.0, down: float = 0.0, size: float = 1.0, turn: float = 0.0) -> Body:
    """An upright head with its ears about (320, 200), moved, grown and turned about that."""
    points = np.zeros((35, 3))
    for number, place in (
        *((0, (0.0, 10.0)), (2, (15.0, -15.0)), (5, (-15.0, -15.0))),
        *((7, (40.0, 0.0)), (8, (-40.0, 0.0)), (9, (12.0, 30.0)), (10, (-12.0, 30.0))),
    ):
        cos, sin = math.cos(turn), math.sin(turn)
        x, y = place
        points[number, :2] = (
            320.0 + right + size * (x * cos - y * sin),
            200.0 + down + size * (x * sin + y * cos),
        )
    return Body(points, np.full(33, 0.99), 0.99)


class Stage:
    """A follower with its network, whose face is where it looks."""

    def __init__(self, savings: Savings = ALL) -> None:
        self.network = ScriptedNetwork(192, *face_outputs())
        self.followed = FaceFollower(FaceNetwork(self.network))
        self.savings = savings

    def step(self, seen: Body) -> tuple[float, float] | None:
        """Where the tip of the nose is: in the middle of where it looked."""
        self.followed.step(BLANK, seen, self.savings)
        found = self.followed.found
        return (
            None if found is None else (float(found[0][NOSE_TIP, 0]), float(found[0][NOSE_TIP, 1]))
        )

    def says(self, logit: float = 4.0, moved: tuple[float, float] = (0.0, 0.0)) -> None:
        """Of the face in its crop, moved by parts of the side."""
        mesh, flag = face_outputs(logit)
        mesh[:, :2] += np.array(moved) * 192
        self.network.says(mesh, flag)


def near(x: float, y: float) -> object:
    return pytest.approx((x, y), abs=0.02)


def test_by_the_body_it_is_below_the_ears_and_turned_with_the_eyes() -> None:
    told = by_body(body().points_px)
    assert (told.x_px, told.y_px) == near(320.0, 205.0)
    assert told.side_px == pytest.approx(SIDE_PX)
    assert told.rotation_rad == pytest.approx(0.0)
    turned = by_body(body(10.0, -20.0, 2.0, 0.5).points_px)
    assert turned.rotation_rad == pytest.approx(0.5)
    assert turned.side_px == pytest.approx(2 * SIDE_PX)
    assert (turned.x_px, turned.y_px) == near(330 - 10 * math.sin(0.5), 180 + 10 * math.cos(0.5))


def test_in_profile_the_ears_do_not_count() -> None:
    profile = body()
    profile.points_px[[7, 8], 0] = 320.0
    assert by_body(profile.points_px).side_px == pytest.approx(SIDE_PX)


def test_it_is_looked_for_by_the_body_and_then_by_itself() -> None:
    stage = Stage()
    assert stage.step(body()) == near(320.0, 205.0)
    stage.says(moved=(0.1, 0.0))
    assert stage.step(body()) == near(320.0 + 0.1 * SIDE_PX, 205.0)
    stage.says()
    assert stage.step(body()) == near(320.0 + 0.1 * SIDE_PX, 205.0)


def test_by_the_body_again_when_it_says_that_the_face_is_elsewhere() -> None:
    stage = Stage()
    stage.step(body())
    stage.says(moved=(0.25, 0.0))
    stage.step(body())
    stage.says()
    assert stage.step(body()) == near(320.0, 205.0)


TOLD = Region(320.0, 240.0, 100.0, 3.1)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"x_px": 339.0, "y_px": 221.0}, True),
        ({"x_px": 342.0}, False),
        ({"y_px": 215.0}, False),
        ({"side_px": 139.0}, True),
        ({"side_px": 141.0}, False),
        ({"side_px": 59.0}, False),
        # Half a turn is the same both ways round.
        ({"rotation_rad": -3.1}, True),
        ({"rotation_rad": 2.45}, True),
        ({"rotation_rad": 2.35}, False),
    ],
)
def test_how_far_a_face_may_be_from_where_the_body_has_it(
    change: dict[str, float], same: bool
) -> None:
    assert dataclasses.replace(TOLD, **change).agrees_with(TOLD) is same


def test_where_a_head_moves_quickly_its_face_goes_along_before_it_is_looked_at() -> None:
    stage = Stage()
    stage.step(body())
    stage.says(moved=(0.05, 0.0))
    stage.step(body())
    stage.says()
    slow, quick = 0.05 * SIDE_PX, 0.5 * SIDE_PX
    assert stage.step(body(slow)) == near(320.0 + 0.05 * SIDE_PX, 205.0)
    assert stage.step(body(slow + quick)) == near(320.0 + 0.05 * SIDE_PX + quick, 205.0)


@pytest.mark.parametrize("logit", [0.0, -4.0, math.nan])
def test_what_is_no_face_is_not_reported_nor_followed(logit: float) -> None:
    stage = Stage()
    stage.step(body())
    stage.says(logit, moved=(0.1, 0.0))
    assert stage.step(body()) is None
    stage.says()
    assert stage.step(body()) == near(320.0, 205.0)


def test_a_mesh_that_is_not_finite_is_no_face() -> None:
    stage = Stage()
    mesh, flag = face_outputs()
    mesh[300, 0] = np.nan
    stage.network.says(mesh, flag)
    assert stage.step(body()) is None


@pytest.mark.parametrize(
    ("right", "down"), [(-321.0, 0.0), (321.0, 0.0), (0.0, -206.0), (0.0, 276.0), (np.nan, 0.0)]
)
def test_a_face_outside_the_picture_is_not_looked_for(right: float, down: float) -> None:
    stage = Stage()
    stage.step(body())
    assert stage.step(body(right, down)) is None
    assert stage.network.runs == 1


def test_in_between_it_goes_along_with_the_head() -> None:
    stage = Stage(Savings(face_every=3))
    where = [stage.step(body(20.0 * k, 5.0 * k)) for k in range(7)]
    assert stage.network.runs == 3
    assert where == [near(320.0 + 20.0 * k, 205.0 + 5.0 * k) for k in range(7)]


def test_a_face_that_is_not_there_does_not_come_back_in_between() -> None:
    stage = Stage(Savings(face_every=2))
    stage.says(-4.0)
    assert [stage.step(body()) for _ in range(2)] == [None, None]


def test_with_nothing_left_out_it_is_looked_at_in_every_picture() -> None:
    stage = Stage(POLICIES["exact"])
    for _ in range(5):
        stage.step(body())
    assert stage.network.runs == 5


def test_forgotten_it_is_looked_for_at_once_by_the_body() -> None:
    stage = Stage(Savings(face_every=2))
    stage.says(moved=(0.1, 0.0))
    stage.step(body())
    stage.followed.reset()
    assert stage.followed.found is None
    stage.says()
    assert stage.step(body()) == near(320.0, 205.0)


def test_where_no_face_is_wanted_there_is_none() -> None:
    followed = FaceFollower(None)
    followed.step(BLANK, body(), ALL)
    assert followed.found is None


def test_a_network_that_breaks_is_reported() -> None:
    stage = Stage()
    stage.network.broken = True
    with pytest.raises(ModelError, match="scripted failure"):
        stage.step(body())
