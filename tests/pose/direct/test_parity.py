"""With nothing left out the landmarks are those of MediaPipe's graph."""

from collections.abc import Iterator
from pathlib import Path

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


@pytest.fixture(params=[1, 2], ids=["one worker", "two workers"])
def exact(request: pytest.FixtureRequest) -> Iterator[DirectPose]:
    made = DirectPose(DirectPose.Config(policy="exact", workers=request.param))
    yield made
    made.close()


def apart(one: PoseSample, other: PoseSample, joints: slice) -> list[float]:
    """Distances of the joints that both have, in shoulder widths."""
    size = np.array([one.width_px, one.height_px])
    left, right = (other.joints[i, :2] * size for i in _SHOULDERS)
    both = (one.joints[joints, 2] > 0) & (other.joints[joints, 2] > 0)
    away = (one.joints[joints, :2] - other.joints[joints, :2])[both] * size
    return list(np.hypot(*away.T) / np.hypot(*(left - right)))


def test_free_running_it_stays_with_the_graph(
    exact: DirectPose, signing: list[Frame], reference: list[PoseSample]
) -> None:
    samples = [exact.step(frame, seq) for seq, frame in enumerate(signing)]
    assert [s.valid for s in samples] == [s.valid for s in reference]
    pairs = [(a, b) for a, b in zip(samples, reference, strict=True) if a.valid]
    body = [d for a, b in pairs for d in apart(a, b, _UPPER)]
    hands = [d for a, b in pairs for d in apart(a, b, _HANDS)]
    assert np.median(body) < 0.001
    assert np.median(hands) < 0.005
    found = [sum("hand" in part for s in some for part in s.parts) for some in (samples, reference)]
    assert found[0] >= 0.9 * found[1] > 20


@pytest.mark.parametrize("policy", POLICIES)
def test_the_second_worker_changes_no_number(signing: list[Frame], policy: PolicyName) -> None:
    made = [DirectPose(DirectPose.Config(policy=policy, workers=n)) for n in (1, 2)]
    for seq, frame in enumerate(signing[:20]):
        alone, together = (one.step(frame, seq) for one in made)
        np.testing.assert_array_equal(alone.joints, together.joints)
        assert alone.parts == together.parts
    for one in made:
        one.close()
