"""From one person's landmarks to pose samples."""

import time

import numpy as np

from engine.clock import NS_PER_MS, NS_PER_S
from engine.frames import Frame
from engine.poses import IMPLAUSIBLE, NOT_FINITE, PoseSample, invalid_sample
from engine.skeletons import HOLISTIC_75, Skeleton
from plugins.pose.landmarks import Landmarks, to_joints
from plugins.pose.person_gate import PersonGate
from plugins.pose.plausibility import CORE_JOINTS, PlausibilityConfig, measure


class PersonSampler:
    """Judges what the networks report of one person, and lays it out.

    Args:
        config: When a figure counts as a person.
        joint_set: Of the samples.
    """

    def __init__(self, config: PlausibilityConfig, joint_set: Skeleton = HOLISTIC_75) -> None:
        self._gate = PersonGate(config)
        self._joint_set = joint_set
        self._implausible_since_ns: int | None = None

    def reset(self) -> None:
        """Forget whom it has accepted."""
        self._gate.reset()
        self._implausible_since_ns = None

    def implausible_s(self, time_ns: int) -> float:
        """How long, until then, there has been nothing but what is not built like a person."""
        since_ns = self._implausible_since_ns
        return 0.0 if since_ns is None else (time_ns - since_ns) / NS_PER_S

    def sample(self, frame: Frame, seq: int, found: Landmarks, started_ns: int) -> PoseSample:
        """The sample of a frame.

        Args:
            frame: The frame.
            seq: Its running number.
            found: What the networks report.
            started_ns: When work on it began, by `time.perf_counter_ns`.
        """
        reason = self._why_not(frame, found)
        if reason != IMPLAUSIBLE:
            self._implausible_since_ns = None
        elif self._implausible_since_ns is None:
            self._implausible_since_ns = frame.capture_ns
        if reason:
            return nobody(frame, seq, reason, started_ns, self._joint_set)
        joints = to_joints(found, self._joint_set)
        return PoseSample(
            capture_ns=frame.capture_ns,
            epoch=frame.epoch,
            seq=seq,
            skeleton=self._joint_set.name,
            joints=joints.joints,
            depth=joints.depth,
            valid=True,
            reason="",
            parts=joints.parts,
            width_px=frame.size[0],
            height_px=frame.size[1],
            pose_ms=_ms_since(started_ns),
        )

    def _why_not(self, frame: Frame, found: Landmarks) -> str:
        """Empty if a person is there, else the reason."""
        if found.body is None:
            return self._gate.step(frame.capture_ns, None)
        if not np.isfinite(found.body[list(CORE_JOINTS)]).all():
            self._gate.step(frame.capture_ns, None)
            return NOT_FINITE
        figure = measure(found.body, found.body_score, *frame.size)
        return self._gate.step(frame.capture_ns, figure)


def nobody(
    frame: Frame, seq: int, reason: str, started_ns: int, joint_set: Skeleton = HOLISTIC_75
) -> PoseSample:
    """The sample of a frame without a person; arguments as of `PersonSampler.sample`."""
    return invalid_sample(
        capture_ns=frame.capture_ns,
        epoch=frame.epoch,
        seq=seq,
        skeleton=joint_set.name,
        joint_count=len(joint_set),
        reason=reason,
        width_px=frame.size[0],
        height_px=frame.size[1],
        pose_ms=_ms_since(started_ns),
    )


def _ms_since(started_ns: int) -> float:
    return (time.perf_counter_ns() - started_ns) / NS_PER_MS
