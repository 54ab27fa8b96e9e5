"""Where the milliseconds of a frame go, on one thread."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cv2

from benchmarks.pose.clip_frames import clip_frames
from benchmarks.pose.contenders import Contender
from benchmarks.pose.runners import PluginRunner
from benchmarks.report import Result
from engine.frames import Frame
from plugins.pose.direct import body
from plugins.pose.direct.body_filter import BodyFilter
from plugins.pose.direct.openvino_network import OpenVinoNetwork
from plugins.pose.person_sampler import PersonSampler

DECODE, REST = "decode and colours", "the rest"
# None of them calls another.
_PARTS: dict[str, tuple[Any, str]] = {
    "crop, exact": (cv2, "warpPerspective"),
    "crop, quick": (cv2, "warpAffine"),
    "heatmap": (body, "refined"),
    "filter": (BodyFilter, "step"),
    "sample": (PersonSampler, "sample"),
}


def spans(paths: Sequence[Path], policies: Sequence[Contender], until_s: float) -> Result:
    """Time the parts of each policy over clips.

    Args:
        paths: Clips.
        policies: Run on OpenVINO.
        until_s: Clips end there.

    Returns:
        Policy to part to milliseconds a frame, networks by name; parts that took none are left
        out. Frames are decoded beforehand: that part is the same for all.
    """
    start_ns = time.perf_counter_ns()
    clips = [clip_frames(path, until_s) for path in paths]
    count = sum(map(len, clips))
    decode_ms = (time.perf_counter_ns() - start_ns) / 1e6 / count
    return {policy.name: {DECODE: decode_ms, **_policy(policy, clips)} for policy in policies}


def _policy(policy: Contender, clips: Sequence[Sequence[Frame]]) -> Result:
    runner = PluginRunner(policy, 1)
    spent_ns: dict[str, int] = {}
    total_ns = 0
    with _watched(spent_ns):
        for frames in clips:
            runner.begin()
            start_ns = time.perf_counter_ns()
            for frame in frames:
                runner.step(frame)
            total_ns += time.perf_counter_ns() - start_ns
    runner.close()
    spent_ns[REST] = total_ns - sum(spent_ns.values())
    frames_ms = 1e6 * sum(map(len, clips))
    return {name: spent / frames_ms for name, spent in spent_ns.items()}


def _always(part: str, _: Any) -> str:
    return part


@contextmanager
def _watched(spent_ns: dict[str, int]) -> Iterator[None]:
    def timed(name: Callable[[Any], str], work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            start_ns = time.perf_counter_ns()
            try:
                return work(*args, **options)
            finally:
                part = name(args[0])
                spent_ns[part] = spent_ns.get(part, 0) + time.perf_counter_ns() - start_ns

        return call

    with ExitStack() as stack:
        for part, (owner, attribute) in _PARTS.items():
            work = timed(partial(_always, part), getattr(owner, attribute))
            stack.enter_context(patch.object(owner, attribute, work))
        run = timed(lambda network: f"{network.name} network", OpenVinoNetwork.run)
        stack.enter_context(patch.object(OpenVinoNetwork, "run", run))
        yield
