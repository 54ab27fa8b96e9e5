"""With nothing left out the landmarks are those of MediaPipe's graph."""

from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from engine.frames import Frame
from engine.poses import PoseSample
from engine.skeletons import HOLISTIC_75
from plugins.pose.direct.estimator import DirectPose
from plugins.pose.direct.savings import POLICIES, PolicyName
from plugins.pose.mediapipe.estimator import MediapipePose
from tests.pose.clip_frames import frames

pytestmark = pytest.mark.clips

_SHOULDERS = [HOLISTIC_75.index(f"{side}_shoulder") for side in ("left", "right")]
_UPPER = slice(0, 25)
_HANDS = slice(33, 75)


@pytest.fixture(scope="module")
def signing(clips: Path) -> list[Frame]:
    return list(frames(clips / "video" / "intel_asl_book.mkv", 0.8, 2.5))


@pytest.fixture(scope="module")
def reference(signing: list[Frame]) -> list[PoseSample]:
    made = MediapipePose(MediapipePose.Config())
    samples = [made.step(frame, seq) for seq, frame in enumerate(signing)]
    made.close()
    return samples


@pytest.fixture(scope="module")
def alone(signing: list[Frame]) -> list[PoseSample]:
    return seen("exact", 1, signing)


def seen(policy: PolicyName, workers: Literal[1, 2], frames: list[Frame]) -> list[PoseSample]:
    made = DirectPose(DirectPose.Config(policy=policy, workers=workers))
    samples = [made.step(frame, seq) for seq, frame in enumerate(frames)]
    made.close()
    return samples


def apart(one: PoseSample, other: PoseSample, joints: slice) -> list[float]:
    """Distances of the joints that both have, in shoulder widths."""
    size = np.array([one.width_px, one.height_px])
    left, right = (other.joints[i, :2] * size for i in _SHOULDERS)
    both = (one.joints[joints, 2] > 0) & (other.joints[joints, 2] > 0)
    away = (one.joints[joints, :2] - other.joints[joints, :2])[both] * size
    return list(np.hypot(*away.T) / np.hypot(*(left - right)))


def alike(some: list[PoseSample], others: list[PoseSample]) -> None:
    for one, other in zip(some, others, strict=True):
        np.testing.assert_array_equal(one.joints, other.joints)
        assert (one.valid, one.parts) == (other.valid, other.parts)


def test_free_running_it_stays_with_the_graph(
    alone: list[PoseSample], reference: list[PoseSample]
) -> None:
    assert [s.valid for s in alone] == [s.valid for s in reference]
    pairs = [(a, b) for a, b in zip(alone, reference, strict=True) if a.valid]
    body = [d for a, b in pairs for d in apart(a, b, _UPPER)]
    hands = [d for a, b in pairs for d in apart(a, b, _HANDS)]
    assert np.median(body) < 0.001
    assert np.median(hands) < 0.005
    found = [sum("hand" in part for s in some for part in s.parts) for some in (alone, reference)]
    assert found[0] >= 0.9 * found[1] > 20


def test_with_two_workers_it_is_the_same(signing: list[Frame], alone: list[PoseSample]) -> None:
    alike(seen("exact", 2, signing), alone)


@pytest.mark.parametrize("policy", [policy for policy in POLICIES if policy != "exact"])
def test_the_second_worker_changes_no_number(signing: list[Frame], policy: PolicyName) -> None:
    alike(seen(policy, 1, signing[:20]), seen(policy, 2, signing[:20]))
