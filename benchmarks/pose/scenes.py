"""The same clip as other cameras would see it: each picture, and where its places go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from benchmarks.pose.ghosts import Person, median_joint_px, person
from engine.frames import U8, Frame
from plugins.pose.direct.region import F64
from training.simulator.landmarks.recorded import RecordedPose

_PORTRAIT = 9 / 16
_DARK, _DARK_NOISE = 0.15, 4.0
# Of the width; a hand that crosses the picture in half a second at 1/30 s is smeared like that.
_BLUR = 1 / 40
_CLOSE_HEIGHT_PX = 480
_ABOVE_SHOULDERS = 0.2
_FAR = 0.10
_BACKGROUND = (110, 115, 120)
_HEAD_SIZES = 0.75  # from the nose to the top of the head, in shoulder widths


@dataclass(frozen=True)
class Scene:
    """A clip as another camera sees it.

    Attributes:
        name: Of the case.
        frames: Its pictures.
        people: Who is in them.
    """

    name: str
    frames: list[Frame]
    people: list[Person]


@dataclass(frozen=True)
class _View:
    """What is done to each picture, and where its places go."""

    picture: Callable[[U8, int], U8]
    matrix: F64


def scenes(frames: Sequence[Frame], track: RecordedPose) -> list[Scene]:
    """All that can be made of a clip with one person.

    Args:
        frames: Of the clip.
        track: Where the reference saw the person in them.
    """
    views = {name: make(track) for name, make in _VIEWS.items()}
    own = person(track)
    return [
        Scene(
            name,
            [
                _changed(frame, view.picture(frame.image, number))
                for number, frame in enumerate(frames)
            ],
            [own.seen_through(view.matrix)],
        )
        for name, view in views.items()
    ]


def _changed(frame: Frame, image: U8) -> Frame:
    return replace(frame, image=np.ascontiguousarray(image))


def _portrait(track: RecordedPose) -> _View:
    width = round(track.height_px * _PORTRAIT)
    middle = float(np.nanmedian(person(track).middle_px[:, 0]))
    left = round(min(max(middle - width / 2, 0), max(track.width_px - width, 0)))
    return _View(lambda image, _: image[:, left : left + width], _shifted(-left, 0))


def _mirrored(track: RecordedPose) -> _View:
    matrix = np.array([[-1.0, 0.0, track.width_px - 1], [0.0, 1.0, 0.0]])
    return _View(lambda image, _: image[:, ::-1], matrix)


def _quarter_turn(track: RecordedPose) -> _View:
    matrix = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, track.width_px - 1]])
    return _View(lambda image, _: np.rot90(image), matrix)


def _half_turn(track: RecordedPose) -> _View:
    matrix = np.array([[-1.0, 0.0, track.width_px - 1], [0.0, -1.0, track.height_px - 1]])
    return _View(lambda image, _: image[::-1, ::-1], matrix)


def _dark(_: RecordedPose) -> _View:
    def picture(image: U8, number: int) -> U8:
        noise = np.random.default_rng(number).normal(0.0, _DARK_NOISE, image.shape)
        return np.clip(image * _DARK + noise, 0, 255).astype(np.uint8)

    return _View(picture, _shifted(0, 0))


def _blurred(track: RecordedPose) -> _View:
    length = max(3, round(track.width_px * _BLUR))
    return _View(
        lambda image, _: np.asarray(cv2.blur(image, (length, 1)), np.uint8), _shifted(0, 0)
    )


def _close_up(track: RecordedPose) -> _View:
    """The head without the shoulders."""
    own = person(track)
    size_px = float(np.nanmedian(own.size_px))
    nose = median_joint_px(track, "nose")
    bottom = float(np.nanmedian(own.middle_px[:, 1])) - _ABOVE_SHOULDERS * size_px
    height = 2 * max(bottom - float(nose[1]), 1.0)
    scale = _CLOSE_HEIGHT_PX / height
    left, top = float(nose[0]) - height * 2 / 3, bottom - height
    return _warped(scale, left, top, (round(_CLOSE_HEIGHT_PX * 4 / 3), _CLOSE_HEIGHT_PX))


def _far(track: RecordedPose) -> _View:
    """All that is seen of the person is a tenth of the height, in the middle of a room."""
    own = person(track)
    top = float(median_joint_px(track, "nose")[1]) - _HEAD_SIZES * float(np.nanmedian(own.size_px))
    seen_px = track.height_px - max(top, 0.0)
    scale = _FAR * track.height_px / seen_px
    left = track.width_px * (0.5 - 0.5 / scale)
    upper = track.height_px * (0.5 - 0.5 / scale)
    return _warped(scale, left, upper, (track.width_px, track.height_px))


def _warped(scale: float, left: float, top: float, size_px: tuple[int, int]) -> _View:
    matrix = np.array([[scale, 0.0, -left * scale], [0.0, scale, -top * scale]])
    to_shrunk = np.diag([1 / scale, 1 / scale, 1.0])

    def picture(image: U8, _: int) -> U8:
        if scale < 1:  # warping alone would skip pixels
            return _warp(_shrunk(image, scale), matrix @ to_shrunk, size_px)
        return _warp(image, matrix, size_px)

    return _View(picture, matrix)


def _shrunk(image: U8, scale: float) -> U8:
    shrunk = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk, np.uint8)


def _warp(image: U8, matrix: F64, size_px: tuple[int, int]) -> U8:
    warped = cv2.warpAffine(image, matrix, size_px, borderValue=_BACKGROUND)
    return np.asarray(warped, np.uint8)


def _shifted(right_px: float, down_px: float) -> F64:
    return np.array([[1.0, 0.0, right_px], [0.0, 1.0, down_px]])


_VIEWS: dict[str, Callable[[RecordedPose], _View]] = {
    "portrait": _portrait,
    "mirrored": _mirrored,
    "turned by 90°": _quarter_turn,
    "upside down": _half_turn,
    "dark": _dark,
    "motion blur": _blurred,
    "close-up, no shoulders": _close_up,
    "far, a tenth of the height": _far,
}
