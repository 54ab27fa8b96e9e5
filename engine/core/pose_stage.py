"""The pose stage as every path runs it: epochs, running numbers and checks around an estimator."""

from collections.abc import Sequence
from dataclasses import replace

from engine.contracts import GroupEstimator, PoseEstimator
from engine.core.epochs import EpochGuard
from engine.core.pose_check import checked_all
from engine.core.slots import Slots
from engine.frames import Frame
from engine.poses import NO_FRAME, PoseSample, invalid_sample
from engine.skeletons import skeleton

Samples = tuple[PoseSample, ...]
"""Of one frame: a sample a slot, that of the main person first."""


class PoseStage:
    """Frames in, checked and numbered pose samples out.

    Args:
        estimator: The pose plugin, warmed up.
        most: How many people it was told to track.

    Raises:
        ValueError: It can track one only.
    """

    def __init__(self, estimator: PoseEstimator, most: int = 1) -> None:
        if most > 1 and not isinstance(estimator, GroupEstimator):
            raise ValueError(f"expected a pose plugin that tracks {most} people")
        self._estimator = estimator
        self._guard = EpochGuard()
        self._slots = Slots(most)
        self._epoch = 0
        self._seq = 0
        self._last_ns: int | None = None

    @property
    def efforts(self) -> tuple[str, ...]:
        """See `PoseEstimator.efforts`."""
        return self._estimator.efforts

    @property
    def live_effort(self) -> int:
        """See `PoseEstimator.live_effort`."""
        return self._estimator.live_effort

    def set_effort(self, effort: int) -> None:
        """See `PoseEstimator.set_effort`."""
        self._estimator.set_effort(effort)

    @property
    def most(self) -> int:
        """How many slots there are: samples of a frame."""
        return len(self._slots)

    @property
    def last_ns(self) -> int | None:
        """Time of the newest samples given."""
        return self._last_ns

    def step(self, frame: Frame) -> PoseSample:
        """The sample of the main person; see `step_all`."""
        return self.step_all(frame)[0]

    def step_all(self, frame: Frame, degrade_level: int = 0) -> Samples:
        """The samples of one frame.

        Args:
            frame: The frame.
            degrade_level: How much is left out for it; it is put into the samples.

        Raises:
            ModelError: The estimator broke or does not keep its contract.
        """
        epoch = self._guard.step(frame.epoch, frame.capture_ns)
        if epoch != self._epoch:
            self._estimator.reset()
            self._slots.restart()
            self._epoch = epoch
        if epoch != frame.epoch:
            frame = replace(frame, epoch=epoch)
        seen = checked_all(self._seen(frame), len(self._slots))
        placed = (self._placed(slot, one, degrade_level) for slot, one in enumerate(seen))
        return self._given(tuple(placed))

    def no_frame(self, now_ns: int) -> Samples:
        """The samples that say that the source gives nothing."""
        samples = (
            invalid_sample(
                capture_ns=now_ns,
                epoch=epoch,
                seq=self._seq,
                skeleton=self._estimator.skeleton,
                joint_count=len(skeleton(self._estimator.skeleton)),
                reason=NO_FRAME,
            )
            for epoch in self._slots.epochs
        )
        return self._given(tuple(samples))

    def _seen(self, frame: Frame) -> Sequence[PoseSample]:
        if len(self._slots) > 1 and isinstance(self._estimator, GroupEstimator):
            return self._estimator.step_all(frame, self._seq)
        return (self._estimator.step(frame, self._seq),)

    def _placed(self, slot: int, sample: PoseSample, degrade_level: int) -> PoseSample:
        epoch, person = self._slots.take(slot, sample.person, seen=sample.valid)
        ours = (epoch, person, degrade_level)
        if ours == (sample.epoch, sample.person, sample.degrade_level):
            return sample
        return replace(sample, epoch=epoch, person=person, degrade_level=degrade_level)

    def _given(self, samples: Samples) -> Samples:
        self._seq += 1
        self._last_ns = samples[0].capture_ns
        return samples
