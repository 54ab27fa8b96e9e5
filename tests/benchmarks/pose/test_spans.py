"""The parts of a frame are timed apart, and nothing stays timed."""

from pathlib import Path

import cv2
import pytest

from benchmarks.pose import spans
from benchmarks.pose.contenders import policies
from engine.frames import Frame
from plugins.pose.direct.openvino_network import OpenVinoNetwork
from tests.pose.direct.portrait import room


def test_all_that_a_policy_does_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    frames = [Frame(room(), 33_333_333 * (number + 1), 0, number) for number in range(4)]
    monkeypatch.setattr(spans, "clip_frames", lambda path, until_s: frames)
    before = (OpenVinoNetwork.run, cv2.warpAffine, cv2.warpPerspective)
    told = spans.spans([tmp_path], policies(["exact", "hands by turns"]), 1.0)
    assert (OpenVinoNetwork.run, cv2.warpAffine, cv2.warpPerspective) == before
    exact, turns = told["exact"], told["hands by turns"]
    assert {"body network", "hand network", "hand placer network", "filter"} <= exact.keys()
    assert "crop, quick" in turns.keys() - exact.keys()
    assert all(ms >= 0.0 for own in told.values() for ms in own.values())
    assert {spans.DECODE, spans.REST} <= exact.keys() & turns.keys()
