from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from engine.errors import FeedError, ModelError
from engine.poses import PoseSample
from engine.wire.pose_codec import pose_body, pose_sample
from tests.fakes.samples import nobody, with_face
from tests.wire import samples


def _same(one: PoseSample, two: PoseSample) -> bool:
    plain: dict[str, Any] = {"joints": np.zeros((0, 3), np.float32), "depth": None}
    depth = one.depth is two.depth or (
        one.depth is not None and two.depth is not None and np.array_equal(one.depth, two.depth)
    )
    return (
        depth
        and np.array_equal(one.joints, two.joints)
        and (repr(replace(one, **plain)) == repr(replace(two, **plain)))
    )


@pytest.mark.parametrize(
    "sample",
    [
        samples.pose(7, epoch=3),
        nobody(1.5, seq=2),
        replace(samples.pose(), person=3),
        with_face(samples.pose(7, epoch=3)),
        with_face(nobody(1.5, seq=2)),
    ],
)
def test_there_and_back(sample: PoseSample) -> None:
    back = pose_sample(pose_body(sample), epoch=sample.epoch, capture_ns=sample.capture_ns)
    assert _same(back, sample)
    assert back.joints.dtype == np.float32


def test_bytes_are_little_endian_float32() -> None:
    body = pose_body(samples.pose())
    assert body.joints[4:8] == np.array([1 / 256], "<f4").tobytes()


def test_strided_and_big_endian_arrays_come_through() -> None:
    sample = samples.pose()
    swapped = replace(sample, joints=sample.joints.astype(">f4"))
    strided = replace(sample, joints=np.asfortranarray(sample.joints))
    assert pose_body(swapped) == pose_body(strided) == pose_body(sample)


def test_an_unknown_joint_set_is_read_by_its_bytes() -> None:
    body = msgspec.structs.replace(
        pose_body(samples.pose()), skeleton="theirs", joints=bytes(24), depth=bytes(8)
    )
    assert pose_sample(body, epoch=0, capture_ns=0).joints.shape == (2, 3)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("field", ["joints", "depth"])
def test_what_is_not_finite_is_refused_both_ways(field: str, bad: float) -> None:
    sample = samples.pose()
    array = getattr(sample, field).copy()
    array.flat[5] = bad
    with pytest.raises(ModelError, match=f"{field} .* finite"):
        pose_body(replace(sample, **{field: array}))
    body = msgspec.structs.replace(pose_body(sample), **{field: array.tobytes()})
    with pytest.raises(FeedError, match=f"{field} .* finite"):
        pose_sample(body, epoch=0, capture_ns=0)


@pytest.mark.parametrize(("field", "whole"), [("joints", 900), ("depth", 300)])
@pytest.mark.parametrize("length", [0, 1, 296, 899, 904, 912])
def test_arrays_of_the_wrong_size_are_refused(field: str, whole: int, length: int) -> None:
    body = msgspec.structs.replace(pose_body(samples.pose()), **{field: bytes(length)})
    with pytest.raises(FeedError, match=f"expected {whole} bytes of {field}, got {length}"):
        pose_sample(body, epoch=0, capture_ns=0)


@pytest.mark.parametrize(
    ("field", "shape"), [("joints", (75, 2)), ("joints", (225,)), ("depth", (74,))]
)
def test_arrays_of_the_wrong_shape_are_refused(field: str, shape: tuple[int, ...]) -> None:
    wrong: dict[str, Any] = {field: np.zeros(shape, np.float32)}
    with pytest.raises(ModelError, match=rf"expected {field} of shape"):
        pose_body(replace(samples.pose(), **wrong))
