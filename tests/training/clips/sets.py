"""Clips that are easy to tell apart, and a data set of given points."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from engine.poses import F32
from engine.skeletons import IMIGUE_22
from training.clips.clip_set import ClipSet
from training.clips.parts import Parts
from training.clips.recipe import ClipRecipe
from training.clips.run_config import ClipRunConfig, completed
from training.datasets.dataset import Video
from training.datasets.labelled_clip import LabelledClip
from training.datasets.poses import Poses

WIDTH_PX, HEIGHT_PX = 1280, 720


def upright(
    frames: int, shoulders_px: float = 200.0, at_px: tuple[float, float] = (640, 360)
) -> F32:
    """`(T, 22, 3)`: joints in a row around the neck, shoulders so far apart, all sure."""
    points = np.zeros((frames, len(IMIGUE_22), 3), np.float32)
    points[..., 0] = at_px[0] + 10.0 * np.arange(len(IMIGUE_22))
    points[..., 1] = at_px[1] - 50.0
    points[:, IMIGUE_22.index("neck"), :2] = at_px
    for side, sign in (("right", -0.5), ("left", 0.5)):
        points[:, IMIGUE_22.index(f"{side}_shoulder"), :2] = (
            at_px[0] + sign * shoulders_px,
            at_px[1],
        )
    points[..., 2] = 1.0
    return points


class Given:
    """A data set of given videos."""

    name = "given"
    rate_hz = 25.0
    skipped: Mapping[int, str] = {}

    def __init__(self, videos: Mapping[Video, tuple[Poses, Sequence[LabelledClip]]]) -> None:
        self.videos = tuple(videos)
        self._own = {video.number: own for video, own in videos.items()}

    def clips(self, video: int) -> tuple[LabelledClip, ...]:
        return tuple(self._own[video][1])

    def poses(self, video: int) -> Poses:
        return self._own[video][0]


def poses_of(points: F32, failed: Sequence[int] = ()) -> Poses:
    lost = np.zeros(len(points), np.bool_)
    lost[list(failed)] = True
    return Poses(points, lost, WIDTH_PX, HEIGHT_PX)


def parts_of_waving(seed: int = 0, *, held_out: bool = True) -> Parts:
    """Three classes, a part of each kind, of people of its own."""
    train, validation, test = (
        replace(
            waving(count, (0, 1, 2), seed + at),
            subjects=tuple(f"{at}{n % 3}" for n in range(count)),
        )
        for at, count in enumerate((40, 12, 18))
    )
    return Parts("given", True, train, validation if held_out else None, test)


def run_config(model: str = "lstm", **recipe: float) -> ClipRunConfig:
    """A run that one core trains in a second."""
    sizes = {"lstm": {"hidden": 24, "layers": 1}, "us-vae-causal": {"hidden": 16, "latent": 8}}
    made = ClipRecipe(**{"epochs": 4, "batch": 16, "rate": 1e-2, **recipe})  # type: ignore[arg-type]
    return completed(
        ClipRunConfig(model=model, sizes=sizes[model], threads=1, device="cpu", recipe=made)
    )


def waving(count: int, classes: Sequence[int], seed: int = 0, ticks: int = 24) -> ClipSet:
    """Clips in which the right wrist goes to a place of its own for each class."""
    rng = np.random.default_rng(seed)
    labels = np.array([classes[n % len(classes)] for n in range(count)], np.int64)
    clips = np.zeros((count, ticks, len(IMIGUE_22), 3), np.float32)
    clips[..., 2] = 1.0
    for row, label in zip(clips, labels, strict=True):
        way = np.linspace(0.0, 1.0, ticks)
        angle = 2.0 * np.pi * classes.index(int(label)) / len(classes)
        row[:, 4, 0], row[:, 4, 1] = way * np.cos(angle), way * np.sin(angle)
        row[..., :2] += rng.normal(0.0, 0.05, row[..., :2].shape)
    return ClipSet(
        clips=clips,
        lengths=np.full(count, ticks, np.int64),
        labels=labels,
        subjects=tuple(f"subject {n % 6}" for n in range(count)),
        names=tuple(f"0001_{n}" for n in range(count)),
    )
