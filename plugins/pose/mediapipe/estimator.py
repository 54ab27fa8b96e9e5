"""MediaPipe Holistic's body and hands as a pose estimator."""

import time
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from engine.errors import ModelError
from engine.frames import Frame
from engine.poses import FRAME_TOO_SMALL, PoseSample
from engine.skeletons import HOLISTIC_75
from plugins.pose.landmarks import LandmarkGraph, Landmarks
from plugins.pose.mediapipe.held_hands import HeldHands
from plugins.pose.person_sampler import PersonSampler, nobody
from plugins.pose.picture import MIN_SIDE_PX, shrink
from plugins.pose.plausibility import PlausibilityConfig

if TYPE_CHECKING:
    from plugins.pose.mediapipe.holistic_graph import HolisticGraph

_NS_PER_US = 1_000

Unit = Annotated[float, Meta(ge=0, le=1)]


class MediapipePose:
    """One person's body and hands, 75 joints, without a face mesh.

    The landmarks are those of `mediapipe.solutions.holistic` at complexity 1, the only one whose
    networks are inside the wheel. Joints, confidence and depth: see
    `plugins.pose.landmarks.to_joints`. Depth of the body is measured from the middle of the hips,
    depth of a hand from that hand's wrist.

    MediaPipe also reports people where nobody is; `plugins.pose.person_gate` holds them back as
    `implausible_person`, and with them the first `accept_after_s` of a real person.

    One thread at a time. The networks are loaded by `warm_up` or the first `step`, and again by
    the first `step` after `close`.

    Args:
        config: Options.
        graph: Networks to use instead of MediaPipe's own.
    """

    class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        """Options.

        Attributes:
            min_detection_confidence: Smallest score at which MediaPipe takes up a person.
            min_tracking_confidence: Smallest score at which it goes on following one.
            smooth: Whether body joints go through MediaPipe's filters (hands never do).
            max_side_px: Larger pictures are made smaller first, so that this is the long side;
                0 never does. The networks see crops of at most 256 pixels a side, so more
                pixels only cost time. Coordinates do not depend on it.
            plausibility: When a figure counts as a person.
        """

        min_detection_confidence: Unit = 0.5
        min_tracking_confidence: Unit = 0.5
        smooth: bool = True
        max_side_px: Annotated[int, Meta(ge=0)] = 1280
        plausibility: PlausibilityConfig = PlausibilityConfig()

    skeleton = HOLISTIC_75.name
    efforts: tuple[str, ...] = (
        "full",
        "hands every second frame",
        "hands every fourth frame",
    )
    live_effort = 0

    def __init__(self, config: Config, *, graph: LandmarkGraph | None = None) -> None:
        self._config = config
        self._graph = graph
        self._sampler = PersonSampler(config.plausibility)
        self._hands = HeldHands()
        self._hands_every = 1
        self._since_hands = 0

    def warm_up(self) -> None:
        """Import MediaPipe, load the networks and run a blank picture; about 1 to 3 s.

        Raises:
            ModelError: MediaPipe is not there or cannot load its networks.
        """
        self._loaded()

    def step(self, frame: Frame, seq: int) -> PoseSample:
        """See `PoseEstimator.step`."""
        started_ns = time.perf_counter_ns()
        if min(frame.size) < MIN_SIDE_PX:
            return nobody(frame, seq, FRAME_TOO_SMALL, started_ns)
        return self._sampler.sample(frame, seq, self._landmarks(frame), started_ns)

    def set_effort(self, effort: int) -> None:
        """See `PoseEstimator.set_effort`."""
        self._hands_every = 2**effort

    def reset(self) -> None:
        """Forget the tracked person, every filter and whom the gate has accepted.

        Raises:
            ModelError: MediaPipe cannot be restarted.
        """
        self._sampler.reset()
        self._hands.reset()
        self._since_hands = 0
        if self._graph is not None:
            self._graph.restart()

    def close(self) -> None:
        """Free the networks. Idempotent."""
        if self._graph is not None:
            self._graph.close()
            self._graph = None
        self._sampler.reset()

    def _landmarks(self, frame: Frame) -> Landmarks:
        image = shrink(frame.image, self._config.max_side_px)
        wanted = self._since_hands % self._hands_every == 0
        found = self._loaded().process(image, frame.capture_ns // _NS_PER_US, hands=wanted)
        self._since_hands = 1 if wanted else self._since_hands + 1
        if not wanted:
            return self._hands.carry(found)
        self._hands.see(found)
        return found

    def _loaded(self) -> LandmarkGraph:
        if self._graph is None:
            self._graph = _load(self._config)
        return self._graph


def _load(config: MediapipePose.Config) -> "HolisticGraph":
    try:
        from plugins.pose.mediapipe.holistic_graph import HolisticGraph
    except ImportError as error:
        raise ModelError(
            f"MediaPipe cannot be imported: {error}. Expected mediapipe 0.10.21; "
            "`make run` installs it."
        ) from error
    return HolisticGraph(
        min_detection_confidence=config.min_detection_confidence,
        min_tracking_confidence=config.min_tracking_confidence,
        smooth=config.smooth,
    )
