"""MediaPipe's networks, run one by one, as a pose estimator."""

import time
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, Struct

from engine.errors import ModelError
from engine.frames import Frame
from engine.poses import FRAME_TOO_SMALL, PoseSample
from engine.skeletons import HOLISTIC_75
from plugins.pose.direct.runtimes import Precision, RuntimeName, loader
from plugins.pose.direct.savings import POLICIES, PolicyName
from plugins.pose.person_sampler import PersonSampler, nobody
from plugins.pose.picture import MIN_SIDE_PX, shrink
from plugins.pose.plausibility import PlausibilityConfig

if TYPE_CHECKING:
    from plugins.pose.direct.eyes import Eyes

Unit = Annotated[float, Meta(ge=0, le=1)]


class DirectPose:
    """One person's body and hands, 75 joints, at a multiple of MediaPipe's own rate.

    With the policy `exact` the landmarks are those of `plugins.pose.mediapipe`, nearer to them
    than those are to themselves with a grey level of noise in the picture; docs/pose.md says what
    each of the others costs and gains.

    One thread at a time; with two workers it has a thread of its own besides. The networks are
    loaded by `warm_up` or the first `step`, and again by the first `step` after `close`.

    Args:
        config: Options.
        eyes: Networks to use instead of those in MediaPipe's wheel.
    """

    class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        """Options.

        Attributes:
            policy: What is left out at best; one of `plugins.pose.direct.savings.POLICIES`.
            runtime: What runs the networks: `openvino`, `litert`, or the first of them that is
                installed.
            precision: Of the arithmetic of body and hands. `bf16` needs a processor that has it.
            workers: Threads that look at a picture.
            min_detection_confidence: Smallest score at which a person is taken up.
            min_tracking_confidence: Smallest score at which one is followed on.
            smooth: Whether body joints are smoothed (hands never are); off for recording raw.
            max_side_px: Larger pictures are made smaller first, so that this is the long side;
                0 never does. The networks see crops of at most 256 pixels a side, so more
                pixels only cost time. Coordinates do not depend on it.
            plausibility: When a figure counts as a person.
        """

        policy: PolicyName = "sparing"
        runtime: RuntimeName = "auto"
        precision: Precision = "f32"
        workers: Literal[1, 2] = 2
        min_detection_confidence: Unit = 0.5
        min_tracking_confidence: Unit = 0.5
        smooth: bool = True
        max_side_px: Annotated[int, Meta(ge=0)] = 1280
        plausibility: PlausibilityConfig = PlausibilityConfig()

    skeleton = HOLISTIC_75.name

    def __init__(self, config: Config, *, eyes: "Eyes | None" = None) -> None:
        self._config = config
        names = tuple(POLICIES)
        self.efforts = names[names.index(config.policy) :]
        self._eyes = eyes
        self._savings = POLICIES[config.policy]
        self._sampler = PersonSampler(config.plausibility)

    def warm_up(self) -> None:
        """Load the networks and run each on a blank picture; about a second.

        Raises:
            ModelError: They are not there or cannot be loaded.
        """
        self._loaded()

    def step(self, frame: Frame, seq: int) -> PoseSample:
        """See `PoseEstimator.step`."""
        started_ns = time.perf_counter_ns()
        if min(frame.size) < MIN_SIDE_PX:
            return nobody(frame, seq, FRAME_TOO_SMALL, started_ns)
        image = shrink(frame.image, self._config.max_side_px)
        found = self._loaded().look(image, frame.capture_ns, self._savings)
        return self._sampler.sample(frame, seq, found, started_ns)

    def set_effort(self, effort: int) -> None:
        """See `PoseEstimator.set_effort`."""
        self._savings = POLICIES[self.efforts[effort]]

    def reset(self) -> None:
        """Forget the tracked person, every filter and whom the gate has accepted."""
        self._sampler.reset()
        if self._eyes is not None:
            self._eyes.reset()

    def close(self) -> None:
        """Free the networks. Idempotent."""
        if self._eyes is not None:
            self._eyes.close()
            self._eyes = None
        self._sampler.reset()

    def _loaded(self) -> "Eyes":
        if self._eyes is None:
            self._eyes = _open(self._config)
        return self._eyes


def _open(config: DirectPose.Config) -> "Eyes":
    try:
        from plugins.pose.direct.eyes import Eyes
    except ImportError as error:
        raise ModelError(f"the pose networks cannot be run: {error}; see `make run`") from error
    from plugins.pose.direct.networks import loaded
    from plugins.pose.direct.team import Team

    load = loader(config.runtime, config.precision)
    networks = loaded(load, config.min_detection_confidence)
    team = Team(helper=config.workers > 1)
    return Eyes(networks, team, min_score=config.min_tracking_confidence, smooth=config.smooth)
