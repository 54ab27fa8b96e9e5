"""Landmark recordings of other programs as pose samples."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from engine.clock import NS_PER_S
from engine.errors import UsageError
from engine.poses import F32, PoseSample
from engine.skeletons import HOLISTIC_75

_BODY, _HAND = 33, 21
# The laptop's rate is told as 10 to 15 a second, its picture not at all.
_ASL_RATE_HZ = 12.5
_ASL_SIZE = (640, 480)
_HAND_CONFIDENCE = 0.9  # of a hand that is there: the files do not keep the network's


@dataclass(frozen=True)
class SignClip:
    """One sign of the ASL set.

    Attributes:
        sign: Which.
        samples: About 1.8 s.
    """

    sign: str
    samples: tuple[PoseSample, ...]


def pose_file(path: Path) -> tuple[PoseSample, ...]:
    """A recording with `pose`, `left_hand`, `right_hand`, `t` and `size`.

    Raises:
        UsageError: It cannot be read.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            parts = [file[name] for name in ("pose", "left_hand", "right_hand")]
            times_s, size = file["t"].tolist(), file["size"].tolist()
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise UsageError(f"{path}: is no landmark recording that can be read: {error}") from error
    rows = np.nan_to_num(np.concatenate(parts, axis=1)).astype(np.float32)
    return tuple(_samples(rows, times_s, (int(size[0]), int(size[1]))))


def sign_clips(path: Path) -> tuple[SignClip, ...]:
    """The ASL set. The first frame of each clip is left out: it was taken 3 s before the second.

    Raises:
        UsageError: It cannot be read.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            clips, signs = file["X"], [str(file["classes"][k]) for k in file["y"]]
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise UsageError(f"{path}: is no landmark recording that can be read: {error}") from error
    return tuple(
        SignClip(sign, tuple(_sign_samples(clip[1:])))
        for sign, clip in zip(signs, clips, strict=True)
    )


def _sign_samples(clip: F32) -> Iterator[PoseSample]:
    body_end = 4 * _BODY
    body = clip[:, :body_end].reshape(len(clip), _BODY, 4)
    hands = clip[:, body_end:].reshape(len(clip), 2, _HAND, 3)
    present = (hands != 0).any((2, 3))
    confidence = np.where(present, np.float32(_HAND_CONFIDENCE), 0.0)[:, :, None, None]
    full = np.concatenate((hands, np.broadcast_to(confidence, (*hands.shape[:3], 1))), axis=3)
    rows = np.concatenate((body, full.reshape(len(clip), 2 * _HAND, 4)), axis=1)
    times_s = [k / _ASL_RATE_HZ for k in range(len(clip))]
    return _samples(rows.astype(np.float32), times_s, _ASL_SIZE)


def _samples(rows: F32, times_s: list[float], size: tuple[int, int]) -> Iterator[PoseSample]:
    """Samples of `(F, 75, 4)` x, y, z, confidence."""
    rows[..., 3].clip(0.0, 1.0, out=rows[..., 3])
    rows[rows[..., 3] <= 0] = 0.0
    for seq, (time_s, frame) in enumerate(zip(times_s, rows, strict=True)):
        yield pose_sample(seq, time_s, frame[:, [0, 1, 3]], frame[:, 2], size)


def pose_sample(
    seq: int, time_s: float, joints: F32, depth: F32 | None, size: tuple[int, int]
) -> PoseSample:
    """A sample with a person.

    Args:
        seq: Running number.
        time_s: From the first one.
        joints: `(75, 3)` as `PoseSample.joints`.
        depth: `(75,)` as `PoseSample.depth`.
        size: Width and height of the picture in pixels.
    """
    parts = HOLISTIC_75.parts.items()
    return PoseSample(
        capture_ns=round(time_s * NS_PER_S),
        epoch=0,
        seq=seq,
        skeleton=HOLISTIC_75.name,
        joints=np.ascontiguousarray(joints),
        depth=None if depth is None else np.ascontiguousarray(depth),
        valid=True,
        reason="",
        parts=tuple(name for name, (a, b) in parts if (joints[a:b, 2] > 0).any()),
        width_px=size[0],
        height_px=size[1],
    )
