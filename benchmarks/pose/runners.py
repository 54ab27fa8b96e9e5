"""What is timed: a pose stage, or MediaPipe's own Holistic, frame by frame."""

from typing import Any, Protocol

import numpy as np

from benchmarks.pose.contenders import Contender
from engine.frames import Frame
from plugins.pose.mediapipe.native_log import quiet_native_log

HOLISTIC = "Holistic"
_BOTH = {"left_hand", "right_hand"}
_BLANK = np.zeros((64, 64, 3), np.uint8)


class Runner(Protocol):
    """One thread at a time."""

    def begin(self) -> None:
        """Before each clip; not timed."""
        ...

    def step(self, frame: Frame) -> bool:
        """Look at a frame.

        Returns:
            Whether both hands were found.
        """
        ...

    def close(self) -> None:
        """Free the networks."""
        ...


class PluginRunner:
    """A pose plugin.

    Args:
        contender: Which.
        workers: Threads that it may have.
    """

    def __init__(self, contender: Contender, workers: int) -> None:
        self._estimator = contender.make(workers=workers)

    def begin(self) -> None:
        """See `Runner.begin`."""
        self._estimator.reset()

    def step(self, frame: Frame) -> bool:
        """See `Runner.step`."""
        return set(self._estimator.step(frame, frame.index).parts) >= _BOTH

    def close(self) -> None:
        """See `Runner.close`."""
        self._estimator.close()


class HolisticRunner:
    """`mediapipe.solutions.holistic` at complexity 1, as its documentation runs it."""

    def __init__(self) -> None:
        with quiet_native_log():
            from mediapipe.python.solutions.holistic import Holistic

            self._holistic: Any = Holistic(model_complexity=1)
            self._holistic.process(_BLANK)

    def begin(self) -> None:
        """See `Runner.begin`. The blank picture waits until the networks are loaded again."""
        with quiet_native_log():
            self._holistic.reset()
            self._holistic.process(_BLANK)

    def step(self, frame: Frame) -> bool:
        """See `Runner.step`."""
        found = self._holistic.process(frame.image)
        return bool(found.left_hand_landmarks and found.right_hand_landmarks)

    def close(self) -> None:
        """See `Runner.close`."""
        self._holistic.close()
