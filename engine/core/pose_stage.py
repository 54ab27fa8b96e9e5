"""The pose stage as every path runs it: epochs, running numbers and checks around an estimator."""

from dataclasses import replace

from engine.contracts import PoseEstimator
from engine.core.epochs import EpochGuard
from engine.core.pose_check import checked
from engine.frames import Frame
from engine.poses import NO_FRAME, PoseSample, invalid_sample
from engine.skeletons import skeleton


class PoseStage:
    """Frames in, checked and numbered pose samples out.

    Args:
        estimator: The pose plugin, warmed up.
    """

    def __init__(self, estimator: PoseEstimator) -> None:
        self._estimator = estimator
        self._guard = EpochGuard()
        self._epoch = 0
        self._seq = 0
        self._last_ns: int | None = None

    @property
    def efforts(self) -> tuple[str, ...]:
        """See `PoseEstimator.efforts`."""
        return self._estimator.efforts

    def set_effort(self, effort: int) -> None:
        """See `PoseEstimator.set_effort`."""
        self._estimator.set_effort(effort)

    @property
    def last_ns(self) -> int | None:
        """Time of the newest sample given."""
        return self._last_ns

    def step(self, frame: Frame, degrade_level: int = 0) -> PoseSample:
        """The sample of one frame.

        Args:
            frame: The frame.
            degrade_level: How much is left out for it; it is put into the sample.

        Raises:
            ModelError: The estimator broke or does not keep its contract.
        """
        epoch = self._guard.step(frame.epoch, frame.capture_ns)
        if epoch != self._epoch:
            self._estimator.reset()
            self._epoch = epoch
        if epoch != frame.epoch:
            frame = replace(frame, epoch=epoch)
        sample = checked(self._estimator.step(frame, self._seq))
        if degrade_level:
            sample = replace(sample, degrade_level=degrade_level)
        return self._given(sample)

    def no_frame(self, now_ns: int) -> PoseSample:
        """The sample that says that the source gives nothing."""
        return self._given(
            invalid_sample(
                capture_ns=now_ns,
                epoch=self._epoch,
                seq=self._seq,
                skeleton=self._estimator.skeleton,
                joint_count=len(skeleton(self._estimator.skeleton)),
                reason=NO_FRAME,
            )
        )

    def _given(self, sample: PoseSample) -> PoseSample:
        self._seq += 1
        self._last_ns = sample.capture_ns
        return sample
