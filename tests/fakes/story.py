"""What somebody does, told as actions, and its joints and pose samples at 25 Hz."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from engine.poses import NO_PERSON, PoseSample, invalid_sample
from engine.skeletons import HOLISTIC_75
from tests.fakes.anatomy import Figure
from tests.fakes.handwork import resting

RATE_HZ = 25.0
F32 = npt.NDArray[np.float32]
Action = Callable[[Figure, float], None]
StoryT = TypeVar("StoryT", bound="Story")


@dataclass(frozen=True)
class Story:
    """A person in a picture and what they do. Immutable: every action gives a new one.

    Attributes:
        width_px: Width of the picture.
        height_px: Height of the picture.
        shoulders: Shoulder width as part of the picture's width.
        at: Middle of the shoulders as part of width and height.
        jitter: Standard deviation of every point in shoulder widths, slowly varying.
        seed: Of the jitter.
        reach_s: What a hand takes from rest to its target.
        actions: What they do, in order.
        gaps: `(from_s, to_s)` in which nobody is found.
        mirrored: Whether the picture is mirrored, as many webcams do. MediaPipe names sides by
            their look, so a mirrored left hand is a right one.
    """

    width_px: int = 640
    height_px: int = 480
    shoulders: float = 0.35
    at: tuple[float, float] = (0.5, 0.62)
    jitter: float = 0.002
    seed: int = 0
    reach_s: float = 0.4
    mirrored: bool = False
    actions: tuple[Action, ...] = field(default=(), repr=False)
    gaps: tuple[tuple[float, float], ...] = ()

    def vanish(self: StoryT, *, from_s: float, to_s: float) -> StoryT:
        """Nobody is found in between."""
        return replace(self, gaps=(*self.gaps, (from_s, to_s)))

    def joints(self, duration_s: float) -> F32:
        """`(T, 75, 3)` image-normalised joints at 25 Hz; a tick without a person is all 0."""
        count = round(duration_s * RATE_HZ)
        out = np.stack([self._figure(k / RATE_HZ).joints() for k in range(count)])
        out[..., :2] += self._noise(out.shape[0], out.shape[1])
        if self.mirrored:
            out = out[:, _MIRROR] * np.array([-1.0, 1.0, 1.0])
        unit = self.shoulders * self.width_px
        scale = np.array([unit / self.width_px, unit / self.height_px])
        out[..., :2] = out[..., :2] * scale + np.array(self.at)
        out[out[..., 2] <= 0] = 0.0
        for from_s, to_s in self.gaps:
            out[round(from_s * RATE_HZ) : round(to_s * RATE_HZ)] = 0.0
        return out.astype(np.float32)

    def samples(self, duration_s: float, *, epoch: int = 0) -> Iterator[PoseSample]:
        """The same as pose samples."""
        for seq, joints in enumerate(self.joints(duration_s)):
            yield self._sample(joints, seq, epoch)

    def _sample(self, joints: F32, seq: int, epoch: int) -> PoseSample:
        capture_ns = round(seq / RATE_HZ * 1e9)
        if not joints.any():
            return invalid_sample(
                capture_ns=capture_ns,
                epoch=epoch,
                seq=seq,
                skeleton=HOLISTIC_75.name,
                joint_count=len(HOLISTIC_75),
                reason=NO_PERSON,
                width_px=self.width_px,
                height_px=self.height_px,
            )
        parts = tuple(part for part, (first, _) in HOLISTIC_75.parts.items() if joints[first, 2])
        return PoseSample(
            capture_ns=capture_ns,
            epoch=epoch,
            seq=seq,
            skeleton=HOLISTIC_75.name,
            joints=joints,
            depth=None,
            valid=True,
            reason="",
            parts=parts,
            width_px=self.width_px,
            height_px=self.height_px,
        )

    def _do(self: StoryT, action: Action) -> StoryT:
        return replace(self, actions=(*self.actions, action))

    def _figure(self, t_s: float) -> Figure:
        figure = Figure()
        for hand in ("left", "right"):
            figure.hands[hand] = resting(hand)
        for action in self.actions:
            action(figure, t_s)
        return figure

    def _part(self, t_s: float, from_s: float, to_s: float) -> float:
        """How far an action is there: 0 before and after, 1 between `from_s` and `to_s`."""
        outside = max(from_s - t_s, t_s - to_s, 0.0)
        part = max(0.0, 1.0 - outside / self.reach_s)
        return part * part * (3.0 - 2.0 * part)

    def _noise(self, ticks: int, joints: int) -> npt.NDArray[np.float64]:
        """MediaPipe's residual is already smoothed: lag-1 autocorrelation 0.55."""
        rng = np.random.default_rng(self.seed)
        noise = rng.normal(0.0, self.jitter * math.sqrt(1 - 0.55**2), (ticks, joints, 2))
        for k in range(1, ticks):
            noise[k] += 0.55 * noise[k - 1]
        return noise


def _mirror() -> npt.NDArray[np.int64]:
    names = HOLISTIC_75.joints

    def other(name: str) -> str:
        swap = {"left": "right", "right": "left"}
        return "_".join(swap.get(part, part) for part in name.split("_"))

    return np.array([names.index(other(name)) for name in names])


_MIRROR = _mirror()
