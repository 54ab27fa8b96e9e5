"""Every pose stage over a clip, once; all figures of landmarks come out of what is kept here."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from benchmarks.pose.clip_frames import clip_frames, noisy
from benchmarks.pose.contenders import GRAPH, Contender
from benchmarks.pose.open_loop import PARTS, reference_networks, worst_px
from benchmarks.pose.stillness import still_windows
from benchmarks.pose.watched_graph import WatchedGraph
from engine.clock import NS_PER_S
from engine.contracts import PoseEstimator
from engine.core.pose_stage import PoseStage
from engine.frames import Frame
from plugins.pose.direct.networks import Networks
from plugins.pose.direct.region import F64
from plugins.pose.mediapipe.estimator import MediapipePose
from training.simulator.landmarks.recorded import RecordedPose, from_samples


@dataclass(frozen=True, kw_only=True)
class Work:
    """What to run over each clip.

    Attributes:
        policies: What runs beside the graph.
        cut_s: Runs with noise and without smoothing end there.
        whole: Whether the others do not.
        seeds: Of the noise that the graph is run with; to the end of the clips the policies, too.
        raw: Whether to run the policies without smoothing, too.
        open_loop: Whether to run the graph without smoothing, and our networks in its regions.
    """

    policies: tuple[Contender, ...]
    cut_s: float
    whole: bool = False
    seeds: int = 0
    raw: bool = False
    open_loop: bool = False


@dataclass(frozen=True)
class Seen:
    """What came of a clip. Everything ends at the cut but `whole`.

    Attributes:
        path: The clip.
        tracks: Name of a contender to its poses.
        raw: The same without smoothing; of the policies up to the last still stretch.
        noisy: Poses of the graph with noise in the pictures, each of another seed.
        open_loop_px: `(F, 3)` see `open_loop.worst_px`.
        whole: As `tracks`, to the end; empty if that was not asked for.
        shaken: As `whole` with noise in the pictures, for each seed.
    """

    path: Path
    tracks: dict[str, RecordedPose] = field(default_factory=dict)
    raw: dict[str, RecordedPose] = field(default_factory=dict)
    noisy: list[RecordedPose] = field(default_factory=list)
    open_loop_px: F64 = field(default_factory=lambda: np.zeros((0, len(PARTS))))
    whole: dict[str, RecordedPose] = field(default_factory=dict)
    shaken: dict[str, list[RecordedPose]] = field(default_factory=dict)


def passes(paths: Sequence[Path], work: Work, processes: int) -> Iterator[Seen]:
    """Run it, each clip in one of the processes; in the order in which they get done.

    Raises:
        FidgetError: A clip cannot be read, or a pose stage broke.
    """
    longest_first = sorted(paths, key=lambda path: path.stat().st_size, reverse=True)
    with ProcessPoolExecutor(processes, get_context("spawn"), cv2.setNumThreads, (1,)) as pool:
        for done in as_completed([pool.submit(one_clip, path, work) for path in longest_first]):
            yield done.result()


def one_clip(path: Path, work: Work) -> Seen:
    """Run it over one clip.

    Raises:
        FidgetError: The clip cannot be read, or a pose stage broke.
    """
    frames = clip_frames(path, float("inf") if work.whole else work.cut_s)
    short = [frame for frame in frames if frame.capture_ns < work.cut_s * NS_PER_S]
    seen = Seen(path)
    for contender in (GRAPH, *work.policies):
        track = follow(estimator(contender), path.name, frames)
        seen.tracks[contender.name] = until(track, len(short))
        if work.whole:
            seen.whole[contender.name] = track
    for seed in range(work.seeds):
        for contender in (GRAPH, *work.policies) if work.whole else (GRAPH,):
            pictures = (noisy(frame, seed) for frame in frames)
            track = follow(estimator(contender), path.name, pictures)
            if work.whole:
                seen.shaken.setdefault(contender.name, []).append(track)
            if contender == GRAPH:
                seen.noisy.append(until(track, len(short)))
    worst = seen.open_loop_px
    if work.open_loop:
        seen.raw[GRAPH.name], worst = _open_loop(path.name, short)
    last = max(
        (w.stop for p in PARTS for w in still_windows(seen.tracks[GRAPH.name], p)), default=0
    )
    for contender in work.policies if work.raw and last else ():
        frames_to_last = short[:last]
        seen.raw[contender.name] = follow(
            estimator(contender, smooth=False), path.name, frames_to_last
        )
    return replace(seen, open_loop_px=worst)


def follow(
    estimator: PoseEstimator, name: str, frames: "Iterator[Frame] | Sequence[Frame]"
) -> RecordedPose:
    """Poses of a clip, from a fresh start.

    Raises:
        ModelError: The pose stage broke.
    """
    estimator.reset()
    stage = PoseStage(estimator)
    return from_samples(name, [stage.step(frame) for frame in frames])


def until(track: RecordedPose, frames: int) -> RecordedPose:
    """Its first frames."""
    return RecordedPose(
        name=track.name,
        times_s=track.times_s[:frames],
        joints=track.joints[:frames],
        depth=track.depth[:frames],
        valid=track.valid[:frames],
        width_px=track.width_px,
        height_px=track.height_px,
    )


def estimator(contender: Contender, *, smooth: bool = True) -> PoseEstimator:
    """A pose stage on one thread; those of a process share what they can."""
    made = _policies(contender.precision, smooth) if contender.policy else _graph(smooth)[0]
    made.set_effort(made.efforts.index(contender.policy) if contender.policy else 0)
    return made


@cache
def _policies(precision: str, smooth: bool) -> PoseEstimator:
    """All policies of a precision: the most exact one can be told to be any other."""
    return Contender("", "direct", "exact", precision).make(smooth=smooth)


@cache
def _graph(smooth: bool) -> tuple[MediapipePose, WatchedGraph]:
    config = MediapipePose.Config(smooth=smooth)
    graph = WatchedGraph(
        min_detection_confidence=config.min_detection_confidence,
        min_tracking_confidence=config.min_tracking_confidence,
        smooth=smooth,
    )
    return MediapipePose(config, graph=graph), graph


@cache
def _networks() -> Networks:
    return reference_networks()


def _open_loop(name: str, frames: Sequence[Frame]) -> tuple[RecordedPose, F64]:
    """The graph without smoothing, and our networks in its regions."""
    graph = _graph(smooth=False)
    graph[0].reset()
    stage = PoseStage(graph[0])
    samples, worst = [], []
    for frame in frames:
        samples.append(stage.step(frame))
        worst.append(worst_px(graph[1], _networks(), frame.image, samples[-1]))
    return from_samples(name, samples), np.array(worst)
