"""Our networks in the regions that MediaPipe's graph looks at: how far are the landmarks apart?"""

from collections.abc import Sequence

import numpy as np

from benchmarks.pose.watched_graph import WatchedGraph
from benchmarks.report import Result
from engine.frames import U8
from engine.poses import F32, PoseSample
from engine.skeletons import HOLISTIC_75
from plugins.pose.direct.networks import Networks, loaded
from plugins.pose.direct.region import F64, Region
from plugins.pose.direct.runtimes import loader

PARTS = tuple(HOLISTIC_75.parts)


def reference_networks() -> Networks:
    """Ours in f32.

    Raises:
        ModelError: They cannot be loaded.
    """
    return loaded(loader("auto", "f32"), 1, 0.5)


def worst_px(graph: WatchedGraph, networks: Networks, image: U8, sample: PoseSample) -> list[float]:
    """How far the worst landmark of each of `PARTS` is from the graph's, px.

    NaN where the graph found none.

    Args:
        graph: Has just looked at the picture, without smoothing.
        networks: In f32.
        image: `(H, W, 3)` uint8 RGB.
        sample: What came of the graph.
    """
    size_px = (image.shape[1], image.shape[0])
    regions = (graph.body_region(size_px), *graph.hand_regions(size_px))
    return [
        _worst_px(networks, image, part, region, sample)
        for part, region in zip(PARTS, regions, strict=True)
    ]


def summary(rows: Sequence[F64]) -> Result:
    """Figures of each part over the frames of clips, `(F, 3)` each."""
    all_rows = np.concatenate([np.zeros((0, len(PARTS))), *rows])
    return {part: _figures(all_rows[:, column]) for column, part in enumerate(PARTS)}


def _figures(worst: F64) -> Result:
    found = worst[np.isfinite(worst)]
    if not found.size:
        return {"frames": 0}
    median, p95 = np.percentile(found, (50, 95))
    return {
        "frames": int(found.size),
        "median_px": round(float(median), 4),
        "p95_px": round(float(p95), 4),
        "max_px": round(float(found.max()), 3),
    }


def _worst_px(
    networks: Networks, image: U8, part: str, region: Region | None, sample: PoseSample
) -> float:
    start, end = HOLISTIC_75.parts[part]
    theirs = sample.joints[start:end]
    if region is None or not (theirs[:, 2] > 0).any():
        return float("nan")
    if part == "body":
        return _apart_px(networks.body.see(image, region).points_px, theirs, sample)
    hand = networks.hands[PARTS.index(part) - 1].hand
    return _apart_px(hand.see(image, region).points_px, theirs, sample)


def _apart_px(points_px: F64, theirs: F32, sample: PoseSample) -> float:
    size_px = (sample.width_px, sample.height_px)
    away = points_px[: len(theirs), :2] - theirs[:, :2].astype(np.float64) * size_px
    return float(np.hypot(*away.T).max())
