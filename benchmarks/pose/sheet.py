"""Pictures of the largest differences of each policy. They show people: not for a repository."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from benchmarks.pose.clip_frames import clip_frames
from benchmarks.pose.contenders import GRAPH
from benchmarks.pose.differences import Difference, differences, largest
from benchmarks.pose.distances import PARTS, places_px
from benchmarks.pose.passes import Seen
from engine.errors import UsageError
from engine.frames import U8
from engine.skeletons import HOLISTIC_75
from plugins.pose.direct.region import F64

_COUNT = 50
_COLUMNS = 10
_SIDE_PX = 240
_ROOM = 1.5
_SMALLEST_PX = 24.0
_GRAPH_COLOUR, _OUR_COLOUR = (0, 220, 0), (255, 40, 40)
_WORDS_COLOUR = (255, 255, 0)

Tile = tuple[Difference, U8]


def draw_sheets(clips: Sequence[Seen], folder: Path) -> list[str]:
    """A PNG for each policy: green is the graph, red the policy.

    Returns:
        Names of the files.

    Raises:
        UsageError: One cannot be written.
        SourceError: A clip cannot be read again.
    """
    names = [name for name in clips[0].tracks if name != GRAPH.name]
    chosen = {name: _largest(clips, name) for name in names}
    tiles: dict[str, list[Tile]] = {name: [] for name in names}
    for seen in clips:
        wanted = [d for found in chosen.values() for d in found if d.clip == seen.path.name]
        if not wanted:
            continue
        frames = clip_frames(seen.path, max(d.time_s for d in wanted) + 1.0)
        for name in names:
            tiles[name] += [
                (each, _tile(frames[each.frame].image, each, seen, name))
                for each in chosen[name]
                if each.clip == seen.path.name
            ]
    return [_write(folder, name, own).name for name, own in tiles.items() if own]


def _largest(clips: Sequence[Seen], name: str) -> list[Difference]:
    found = [d for s in clips for d in differences(s.tracks[GRAPH.name], s.tracks[name])]
    return largest(found, _COUNT)


def _tile(image: U8, difference: Difference, seen: Seen, name: str) -> U8:
    tracks = (seen.tracks[GRAPH.name], seen.tracks[name])
    joints = PARTS[difference.part]
    places = [places_px(track)[difference.frame] for track in tracks]
    around = np.concatenate([place[joints] for place in places])
    tile, to_tile = _cut(image, around[np.isfinite(around).all(axis=1)])
    for place, colour in zip(places, (_GRAPH_COLOUR, _OUR_COLOUR), strict=True):
        _draw(tile, (place - to_tile[:2]) * to_tile[2], joints, colour)
    words = (
        f"{difference.clip[:26]}",
        f"{difference.time_s:.2f}s {difference.part} {difference.distance:.3f}",
    )
    for line, text in enumerate(words):
        at = (4, 14 + 15 * line)
        cv2.putText(tile, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.4, _WORDS_COLOUR, 1, cv2.LINE_AA)
    return tile


def _cut(image: U8, around: F64) -> tuple[U8, F64]:
    """The part of the picture with those points; left, top and scale of it."""
    low, high = around.min(axis=0), around.max(axis=0)
    side = max(_SMALLEST_PX, float((high - low).max()) * _ROOM)
    scale = _SIDE_PX / side
    left, top = (low + high) / 2 - side / 2
    matrix = np.array([[scale, 0.0, -left * scale], [0.0, scale, -top * scale]])
    return (
        np.asarray(cv2.warpAffine(image, matrix, (_SIDE_PX, _SIDE_PX)), np.uint8),
        np.array([left, top, scale]),
    )


def _draw(tile: U8, places: F64, joints: slice, colour: tuple[int, int, int]) -> None:
    for one, other in HOLISTIC_75.edges:
        ends = places[[one, other]]
        inside = joints.start <= min(one, other) and max(one, other) < joints.stop
        if inside and np.isfinite(ends).all():
            start, end = (tuple(map(int, end)) for end in ends.clip(-1e4, 1e4).round())
            cv2.line(tile, start, end, colour, 1, cv2.LINE_AA)
    for place in places[joints]:
        if np.isfinite(place).all():
            x, y = map(int, place.clip(-1e4, 1e4).round())
            cv2.circle(tile, (x, y), 2, colour, -1, cv2.LINE_AA)


def _write(folder: Path, name: str, tiles: list[Tile]) -> Path:
    tiles = sorted(tiles, key=lambda tile: -tile[0].distance)
    rows = -(-len(tiles) // _COLUMNS)
    sheet = np.zeros((rows * _SIDE_PX, _COLUMNS * _SIDE_PX, 3), np.uint8)
    for number, (_, tile) in enumerate(tiles):
        y, x = (number // _COLUMNS) * _SIDE_PX, (number % _COLUMNS) * _SIDE_PX
        sheet[y : y + _SIDE_PX, x : x + _SIDE_PX] = tile
    path = folder / f"{name.replace(' ', '_').replace('/', '_')}.png"
    folder.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), sheet[:, :, ::-1]):
        raise UsageError(f"{path}: cannot be written")
    return path
