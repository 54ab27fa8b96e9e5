"""Networks that say what they are told."""

from collections.abc import Callable

import numpy as np

from engine.errors import ModelError
from engine.frames import U8
from engine.poses import F32
from plugins.pose.direct.body import BodyNetwork
from plugins.pose.direct.detector import PersonDetector
from plugins.pose.direct.face import FaceNetwork
from plugins.pose.direct.hand import HandNetwork
from plugins.pose.direct.hand_regions import HandPlacer
from plugins.pose.direct.networks import HandSide, Networks
from plugins.pose.direct.palm_detector import PalmDetector

# Of the hand placer: the middle of its crop, and down is down.
PLACED = np.array([128, 128, 128, 228], np.float32)
# Wrist and fingers of both hands, upright.
WRISTS = {
    15: (0.7, 0.6),
    17: (0.7, 0.55),
    19: (0.7, 0.55),
    16: (0.3, 0.6),
    18: (0.3, 0.55),
    20: (0.3, 0.55),
}
# Nose, eyes, ears and mouth of an upright head above the middle.
HEAD = {
    0: (0.5, 0.3),
    2: (0.52, 0.28),
    5: (0.48, 0.28),
    7: (0.55, 0.3),
    8: (0.45, 0.3),
    9: (0.52, 0.33),
    10: (0.48, 0.33),
}
BODY_ROWS, HEATMAP = 39, (64, 64, 39)
CELLS, PALM_CELLS = 2254, 2016


def f32(*numbers: float) -> F32:
    return np.array(numbers, np.float32)


class ScriptedNetwork:
    """Gives the same outputs, in the same memory, until it is told others.

    Args:
        side_px: Side of its picture.
        outputs: What it says.
    """

    def __init__(self, side_px: int, *outputs: F32) -> None:
        self.picture: U8 = np.zeros((side_px, side_px, 3), np.uint8)
        self._outputs = tuple(output.ravel().copy() for output in outputs)
        self.runs = 0
        self.running = self.broken = False
        self.meanwhile: Callable[[], object] = lambda: None

    def says(self, *outputs: F32) -> None:
        """From now on; as a runtime does, it overwrites what it gave before."""
        for mine, told in zip(self._outputs, outputs, strict=True):
            mine[:] = told.ravel()

    def run(self) -> tuple[F32, ...]:
        self.runs += 1
        self.running = True
        try:
            return self._said()
        finally:
            self.running = False

    def _said(self) -> tuple[F32, ...]:
        self.meanwhile()
        if self.broken:
            raise ModelError("scripted failure")
        return self._outputs


class Script:
    """All networks of a pose stage, scripted; of hands the left one, then the right one.

    The detectors find nobody and no palm; the body network sees somebody wherever it looks.

    Args:
        with_face: Whether there is a network for faces.
    """

    def __init__(self, *, with_face: bool = False) -> None:
        self.detector = ScriptedNetwork(224, *detector_outputs())
        self.body = ScriptedNetwork(256, *body_outputs(WRISTS))
        self.placers = [ScriptedNetwork(256, PLACED) for _ in range(2)]
        self.palms = [ScriptedNetwork(192, *palm_outputs()) for _ in range(2)]
        self.hands = [ScriptedNetwork(224, *hand_outputs()) for _ in range(2)]
        self.wide_hand = ScriptedNetwork(224, *hand_outputs())
        self.face = ScriptedNetwork(192, *face_outputs())
        body = BodyNetwork(self.body)
        self.networks = Networks(
            detector=PersonDetector(self.detector, 0.5),
            body=body,
            wide_body=body,
            hands=(self._side(0), self._side(1)),
            wide_hand=HandNetwork(self.wide_hand),
            face=FaceNetwork(self.face) if with_face else None,
        )

    @property
    def all_hands(self) -> list[ScriptedNetwork]:
        """Whatever looks at a hand of either side."""
        return [*self.hands, self.wide_hand]

    def _side(self, side: int) -> HandSide:
        return HandSide(
            placer=HandPlacer(self.placers[side]),
            palms=PalmDetector(self.palms[side]),
            hand=HandNetwork(self.hands[side]),
        )


def body_outputs(
    points: dict[int, tuple[float, float]] | None = None, score: float = 0.99
) -> tuple[F32, F32, F32]:
    """Of the body network, with heatmaps that show nothing.

    Args:
        points: Places by number, as parts of the side; the others lie in the middle. Unless told
            otherwise the two that say where the body is are such that it is looked for next where
            it was looked for now.
        score: Of the body.
    """
    rows = np.zeros((BODY_ROWS, 5), np.float32)
    rows[:, :2] = 128.0
    rows[34, 1] = 128.0 - 0.4 * 256.0
    rows[:33, 3] = 10.0
    for number, (x, y) in (points or {}).items():
        rows[number, :2] = x * 256.0, y * 256.0
    return rows, f32(score), np.full(HEATMAP, -100.0, np.float32)


def detector_outputs(*people: tuple[int, float]) -> tuple[F32, F32]:
    """Of the person detector: nobody but in these cells, with that probability.

    Each has a face of a fifth of the side, the middle of the hips in the middle of the cell and
    the end of the body a quarter of the side above it.
    """
    boxes, logits = np.zeros((CELLS, 12), np.float32), np.full(CELLS, -100.0, np.float32)
    for cell, score in people:
        boxes[cell, 2:4] = 0.2 * 224
        boxes[cell, 7] = -0.25 * 224
        logits[cell] = np.log(score / (1 - score))
    return boxes, logits


def palm_outputs(*palms: tuple[int, float]) -> tuple[F32, F32]:
    """Of the palm detector: none but in these cells, with that probability.

    Each is a tenth of the side large and upright, the wrist below the middle of the cell and the
    middle knuckle above it.
    """
    boxes, logits = np.zeros((PALM_CELLS, 18), np.float32), np.full(PALM_CELLS, -100.0, np.float32)
    for cell, score in palms:
        boxes[cell, 2:4] = 0.1 * 192
        boxes[cell, 5], boxes[cell, 9] = 0.05 * 192, -0.05 * 192
        logits[cell] = np.log(score / (1 - score))
    return boxes, logits


def hand_outputs(score: float = 0.99, at: tuple[float, float] = (0.5, 0.5)) -> tuple[F32, F32]:
    """Of a hand network: an upright hand about that place, in parts of the side.

    About the middle, it is looked for next where it was looked for now.
    """
    points = np.zeros((21, 3), np.float32)
    points[:, 0] = at[0]
    # The palm is half the side high, and moved down by a tenth of that: its region is moved up.
    points[:, 1] = at[1] + 0.05
    points[0, 1] += 0.25
    points[[5, 9, 13, 17], 1] -= 0.25
    points[5, 0] -= 0.1
    points[[13, 17], 0] += 0.1
    points[:, :2] *= 224
    return points, f32(score)


def face_outputs(logit: float = 4.0) -> tuple[F32, F32]:
    """Of the face network: a face whose nose is in the middle.

    It is two thirds of the side high and level, so that it is looked for next where it was looked
    for now.
    """
    mesh = np.random.default_rng(5).uniform(0.25, 0.75, (468, 3))
    mesh[4] = 0.5
    mesh[10, :2] = 0.5, 0.5 - 1 / 3
    mesh[152, :2] = 0.5, 0.5 + 1 / 3
    mesh[33, :2], mesh[263, :2] = (0.4, 0.4), (0.6, 0.4)
    mesh[58, :2], mesh[288, :2] = (0.2, 0.6), (0.8, 0.6)
    return (mesh * 192).astype(np.float32), f32(logit)
