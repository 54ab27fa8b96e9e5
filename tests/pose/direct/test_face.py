"""A face in its region: the right places, and never more than those."""

import dataclasses
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine.frames import U8
from engine.skeletons import HOLISTIC_97
from plugins.pose.direct.face import Face, FaceNetwork
from plugins.pose.direct.network_files import FACE
from plugins.pose.direct.region import F64, Region
from plugins.pose.direct.runtimes import RuntimeName, loader
from tests.pose.direct.face_graph import meshes_px
from tests.pose.direct.portrait import portrait
from tests.pose.direct.scripted import ScriptedNetwork, face_outputs

NAMES = [name.removeprefix("face_") for name in HOLISTIC_97.joints[75:]]
BLANK: U8 = np.zeros((480, 640, 3), np.uint8)
# In the portrait.
HEAD = Region(270.0, 210.0, 330.0, 0.0)


@pytest.fixture(scope="module", params=["openvino", "litert"])
def network(request: pytest.FixtureRequest) -> FaceNetwork:
    name: RuntimeName = request.param
    return FaceNetwork(loader(name, "f32")(FACE, 1, 1)[0])


def turned(face: Face) -> dict[str, F64]:
    """Its places by name, with the head upright."""
    cos, sin = math.cos(face.region.rotation_rad), math.sin(face.region.rotation_rad)
    places = face.points_px[:, :2] @ np.array([[cos, -sin], [sin, cos]])
    return dict(zip(NAMES, places, strict=True))


def test_every_place_is_where_its_name_says(network: FaceNetwork) -> None:
    image = portrait()
    face = network.see(image, network.see(image, HEAD).region)
    assert face.score > 0.99
    at = turned(face)
    down = (
        *("forehead", "nose_bridge", "nose_tip", "upper_lip", "upper_lip_inner"),
        *("lower_lip_inner", "lower_lip", "chin"),
    )
    middle = [at[name] for name in down]
    assert all(one[1] <= other[1] for one, other in pairwise(middle))
    for side, outwards in (("left", 1), ("right", -1)):
        own = {name.removeprefix(f"{side}_"): at[name] for name in NAMES if side in name}
        heights = [own[name][1] for name in ("brow", "cheekbone", "cheek", "jaw_corner", "jaw")]
        assert heights == sorted(heights)
        # The person's own left is on the right of the picture.
        away = {name: outwards * (place[0] - at["nose_bridge"][0]) for name, place in own.items()}
        assert 0 < away["mouth_corner"] < away["cheek"] < away["jaw_corner"] <= away["temple"]
        assert 0 < away["brow"] < away["cheekbone"] < away["temple"]
        assert away["mouth_corner"] < away["jaw"] < away["jaw_corner"]
        assert own["brow"][1] < own["temple"][1] < own["cheek"][1]
        assert at["upper_lip"][1] < own["mouth_corner"][1] < at["lower_lip"][1]
        assert own["jaw"][1] < at["chin"][1]
    for name, looked_up in (
        ("nose_tip", (266, 237)),
        ("lower_lip_inner", (266, 277)),
        ("left_mouth_corner", (304, 275)),
        ("right_mouth_corner", (230, 279)),
        ("chin", (270, 330)),
    ):
        assert face.points_px[NAMES.index(name), :2] == pytest.approx(looked_up, abs=6)


def test_in_the_same_region_it_is_as_in_mediapipes_graph(network: FaceNetwork) -> None:
    image = portrait()
    regions = [
        dataclasses.replace(HEAD, rotation_rad=turn, side_px=side_px)
        for turn, side_px in ((0.0, 330.0), (0.5, 300.0), (-0.5, 330.0), (0.1, 500.0))
    ]
    # Those that are no face it gives no mesh of.
    for region, mesh in zip(regions, meshes_px(image, regions), strict=True):
        face = network.see(image, region)
        assert face.score > 0.5
        # Which of the mesh it is follows from the test above; here it is how well it is placed.
        apart = np.abs(face.points_px[:, None] - mesh[None]).max(axis=2)
        assert apart.min(axis=1).max() < 0.05
        low, high = mesh[:, :2].min(axis=0), mesh[:, :2].max(axis=0)
        assert (face.region.x_px, face.region.y_px) == pytest.approx((low + high) / 2, abs=0.05)
        assert face.region.side_px == pytest.approx(1.5 * (high - low).max(), abs=0.1)


def test_what_is_no_face_has_a_low_score(network: FaceNetwork) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (480, 640, 3)).astype(np.uint8)
    for image in (noise, BLANK):
        assert network.see(image, Region(320.0, 240.0, 200.0, 0.0)).score < 0.5
    askew = dataclasses.replace(HEAD, rotation_rad=-1.2)
    assert network.see(portrait(), askew).score < 0.5
    assert meshes_px(portrait(), [askew]) == []


def scripted(logit: float = 4.0) -> FaceNetwork:
    return FaceNetwork(ScriptedNetwork(192, *face_outputs(logit)))


def test_the_score_is_a_probability() -> None:
    region = Region(320.0, 240.0, 100.0, 0.0)
    for logit, score in ((0.0, 0.5), (4.0, 0.982), (-1000.0, 0.0), (1000.0, 1.0), (math.nan, 0.0)):
        assert scripted(logit).see(BLANK, region).score == pytest.approx(score, abs=1e-3)


def test_depth_is_in_pixels_of_the_picture() -> None:
    mesh, logit = face_outputs()
    mesh[:, 2] = -19.2
    network = FaceNetwork(ScriptedNetwork(192, mesh, logit))
    face = network.see(BLANK, Region(320.0, 240.0, 100.0, 0.0))
    assert face.points_px[:, 2] == pytest.approx(-10.0, abs=1e-4)


def test_a_face_that_moved_is_the_same_elsewhere() -> None:
    face = scripted().see(BLANK, Region(320.0, 240.0, 100.0, 0.3))
    moved = face.moved(np.array([30.0, -20.0]))
    assert moved.points_px - face.points_px == pytest.approx(np.tile([30.0, -20.0, 0.0], (22, 1)))
    assert moved.region.seen_from(dataclasses.replace(face.region, rotation_rad=0.0)) == (30, -20)
    assert (moved.score, moved.region.side_px) == (face.score, face.region.side_px)


def numbers(thing: Any) -> Iterator[int]:
    """How many numbers there are in each array that can be reached."""
    if isinstance(thing, np.ndarray):
        yield thing.size
        if thing.base is not None:
            yield from numbers(thing.base)
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from numbers(getattr(thing, field.name))
    elif isinstance(thing, (list, tuple, dict, set)):
        yield len(thing)
        for one in thing.values() if isinstance(thing, dict) else thing:
            yield from numbers(one)
    elif not isinstance(thing, ScriptedNetwork):
        for one in getattr(thing, "__dict__", {}).values():
            yield from numbers(one)


def test_the_mesh_never_leaves_the_network() -> None:
    """Neither in what it gives, nor as memory that a result still holds, nor in what it keeps."""
    network = scripted()
    face = network.see(BLANK, Region(320.0, 240.0, 100.0, 0.3))
    assert max(numbers(face)) == max(numbers(face.moved(np.ones(2)))) == 22 * 3
    assert max(numbers(network), default=0) == 0
    assert [name for name in dir(network) if not name.startswith("_")] == ["see"]
