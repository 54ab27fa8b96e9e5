"""MediaPipe's networks, run one by one, as a pose estimator."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, Struct

from engine.errors import ModelError
from engine.frames import Frame
from engine.poses import FRAME_TOO_SMALL, NO_PERSON, PoseSample
from engine.skeletons import HOLISTIC_75, HOLISTIC_97
from plugins.pose.direct.runtimes import Precision, RuntimeName, loader
from plugins.pose.direct.savings import LIVE, POLICIES, PolicyName
from plugins.pose.person_sampler import PersonSampler, nobody
from plugins.pose.picture import MIN_SIDE_PX, shrink
from plugins.pose.plausibility import PlausibilityConfig

if TYPE_CHECKING:
    from plugins.pose.direct.networks import Networks
    from plugins.pose.direct.people import People, Seen

# What OpenCV's warps can take is a little more.
_MOST_SIDE_PX = 32_000

Unit = Annotated[float, Meta(ge=0, le=1)]


class DirectPose:
    """Bodies and hands, 75 joints a person, at a multiple of MediaPipe's own rate.

    With `face` there are 22 more, of the face; the network's own mesh of it is never given away.

    With the policy `exact` and one person in view the landmarks are those of
    `plugins.pose.mediapipe`, nearer to them than those are to themselves with a grey level of
    noise in the picture; docs/pose.md says what each of the others costs and gains. Of several
    people the most prominent is the main one, where MediaPipe takes the surest.

    One thread at a time; with two workers it has a thread of its own besides. The networks are
    loaded by `warm_up` or the first `step`, and again by the first `step` after `close`.

    Args:
        config: Options.
        networks: To be used instead of those in MediaPipe's wheel.
    """

    class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        """Options.

        Attributes:
            policy: What is left out of files, and of live streams at best; one of
                `plugins.pose.direct.savings.POLICIES`. Live streams begin with `hands by turns` if
                that leaves out more, unless `[quality] effort` says otherwise.
            runtime: What runs the networks: `openvino`, `litert`, or the first of them that is
                installed.
            precision: Of the arithmetic of body and hands. `bf16` needs a processor that has it.
            workers: Threads that look at a picture.
            min_detection_confidence: Smallest score at which a person is taken up.
            min_tracking_confidence: Smallest score at which one is followed on.
            smooth: Whether body joints are smoothed (hands never are); off for recording raw.
            max_side_px: Larger pictures are made smaller first, so that this is the long side;
                0 bounds it at 32,000. The networks see crops of at most 256 pixels a side, so more
                pixels only cost time. Coordinates do not depend on it.
            plausibility: When a figure counts as a person.
            face: Whether the joint set is `holistic97`, with the outline of the face.
        """

        policy: PolicyName = "exact"
        runtime: RuntimeName = "auto"
        precision: Precision = "f32"
        workers: Literal[1, 2] = 2
        min_detection_confidence: Unit = 0.5
        min_tracking_confidence: Unit = 0.5
        smooth: bool = True
        max_side_px: Annotated[int, Meta(ge=0)] = 1280
        plausibility: PlausibilityConfig = PlausibilityConfig()
        face: bool = False

    def __init__(self, config: Config, *, networks: "Networks | None" = None) -> None:
        self._config = config
        self._joint_set = HOLISTIC_97 if config.face else HOLISTIC_75
        self.skeleton: str = self._joint_set.name
        names = tuple(POLICIES)
        self._policies = names[names.index(config.policy) :]
        self.efforts: tuple[str, ...] = self._policies
        self.live_effort = max(0, names.index(LIVE) - names.index(config.policy))
        self._savings = POLICIES[config.policy]
        self._given = networks
        self._most = 1
        self._people: People | None = None
        self._samplers: dict[int, PersonSampler] = {}

    def track(self, most: int) -> None:
        """See `GroupEstimator.track`."""
        self._most = most

    def warm_up(self) -> None:
        """Load the networks; one to three seconds.

        Raises:
            ModelError: They are not there or cannot be loaded.
        """
        self._loaded()

    def step(self, frame: Frame, seq: int) -> PoseSample:
        """See `PoseEstimator.step`; of the main person."""
        return self.step_all(frame, seq)[0]

    def step_all(self, frame: Frame, seq: int) -> list[PoseSample]:
        """See `GroupEstimator.step_all`."""
        started_ns = time.perf_counter_ns()
        if min(frame.size) < MIN_SIDE_PX:
            return [self._nobody(frame, seq, FRAME_TOO_SMALL, started_ns)] * self._most
        return self._samples(frame, seq, started_ns)

    def set_effort(self, effort: int) -> None:
        """See `PoseEstimator.set_effort`."""
        self._savings = POLICIES[self._policies[effort]]

    def reset(self) -> None:
        """Forget everybody, every filter and whom the gates have accepted."""
        self._samplers.clear()
        if self._people is not None:
            self._people.reset()

    def close(self) -> None:
        """Free the networks. Idempotent."""
        self._samplers.clear()
        if self._people is not None:
            self._people.close()
            self._people = None

    def _samples(self, frame: Frame, seq: int, started_ns: int) -> list[PoseSample]:
        people = self._loaded()
        image = shrink(frame.image, self._config.max_side_px or _MOST_SIDE_PX)
        seen = people.look(image, frame.capture_ns, self._savings)
        self._samplers = {one.person: self._sampler(one.person) for one in seen if one.person}
        samples = [self._sample(one, frame, seq, started_ns) for one in seen]
        for number, one in enumerate(seen):
            if one.person and self._is_doubted(self._samplers[one.person], frame.capture_ns):
                people.doubt(number, frame.capture_ns)
        return samples

    def _sample(self, one: "Seen", frame: Frame, seq: int, started_ns: int) -> PoseSample:
        if not one.person:
            return self._nobody(frame, seq, NO_PERSON, started_ns)
        sample = self._samplers[one.person].sample(frame, seq, one.found, started_ns)
        return replace(sample, person=one.person)

    def _nobody(self, frame: Frame, seq: int, reason: str, started_ns: int) -> PoseSample:
        return nobody(frame, seq, reason, started_ns, self._joint_set)

    def _sampler(self, person: int) -> PersonSampler:
        known = self._samplers.get(person)
        return known or PersonSampler(self._config.plausibility, self._joint_set)

    def _is_doubted(self, sampler: PersonSampler, time_ns: int) -> bool:
        after_s = self._savings.doubt_after_s
        return 0.0 < after_s <= sampler.implausible_s(time_ns)

    def _loaded(self) -> "People":
        if self._people is None:
            self._people = _open(self._config, self._given, self._most)
        return self._people


def _open(config: DirectPose.Config, networks: "Networks | None", most: int) -> "People":
    try:
        import cv2

        from plugins.pose.direct.people import People
    except ImportError as error:
        raise ModelError(f"the pose networks cannot be run: {error}; see `make run`") from error
    from plugins.pose.direct.networks import loaded
    from plugins.pose.direct.team import Team

    # A crop is too small a job to be shared, and its threads would take the networks' cores.
    cv2.setNumThreads(1)
    if networks is None:
        load = loader(config.runtime, config.precision)
        networks = loaded(load, config.workers, config.min_detection_confidence, face=config.face)
    return People(
        networks,
        Team(helper=config.workers > 1),
        most=most,
        min_score=config.min_tracking_confidence,
        smooth=config.smooth,
    )
