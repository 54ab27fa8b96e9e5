"""MediaPipe Holistic without its face mesh, on MediaPipe's own graph runner.

Importing this module imports MediaPipe (0.7 s, with matplotlib); do it late.

The graph joins two subgraphs of the wheel, pose and both hands, just as the wheel's Holistic does,
and leaves the face branch out: landmarks are the same bit by bit. A gate between the two keeps the
hands from being looked for in pictures where that was not asked for. It is run through
`CalculatorGraph` instead of `mediapipe.solutions`, because those pretend that every input has 30
frames a second: at 5 frames a second their filters lag 2.6 times further behind the unfiltered
landmarks than with true time.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import mediapipe
import numpy as np
from mediapipe.calculators.tensor.tensors_to_detections_calculator_pb2 import (
    TensorsToDetectionsCalculatorOptions,
)
from mediapipe.calculators.util.thresholding_calculator_pb2 import ThresholdingCalculatorOptions
from mediapipe.framework.calculator_pb2 import CalculatorGraphConfig
from mediapipe.framework.formats.landmark_pb2 import NormalizedLandmarkList
from mediapipe.framework.formats.rect_pb2 import NormalizedRect
from mediapipe.python import (
    CalculatorGraph,
    ImageFormat,
    ValidatedGraphConfig,
    packet_creator,
    packet_getter,
    resource_util,
)

from engine.errors import ModelError
from engine.frames import U8
from engine.poses import F32
from plugins.pose.landmarks import Landmarks
from plugins.pose.mediapipe.native_log import quiet_native_log

# Two hands are the most that can run side by side, so more threads would only wait.
_GRAPH = """
num_threads: 2
input_stream: "IMAGE:image"
input_stream: "HANDS:hands_wanted"
output_stream: "LANDMARKS:pose_landmarks"
output_stream: "LEFT_HAND_LANDMARKS:left_hand_landmarks"
output_stream: "RIGHT_HAND_LANDMARKS:right_hand_landmarks"
input_side_packet: "MODEL_COMPLEXITY:model_complexity"
input_side_packet: "SMOOTH_LANDMARKS:smooth_landmarks"
input_side_packet: "ENABLE_SEGMENTATION:enable_segmentation"
input_side_packet: "SMOOTH_SEGMENTATION:smooth_segmentation"
input_side_packet: "USE_PREV_LANDMARKS:use_prev_landmarks"
node {
  calculator: "PoseLandmarkCpu"
  input_stream: "IMAGE:image"
  output_stream: "LANDMARKS:pose_landmarks"
  input_side_packet: "MODEL_COMPLEXITY:model_complexity"
  input_side_packet: "SMOOTH_LANDMARKS:smooth_landmarks"
  input_side_packet: "ENABLE_SEGMENTATION:enable_segmentation"
  input_side_packet: "SMOOTH_SEGMENTATION:smooth_segmentation"
  input_side_packet: "USE_PREV_LANDMARKS:use_prev_landmarks"
}
node {
  calculator: "GateCalculator"
  input_stream: "pose_landmarks"
  input_stream: "ALLOW:hands_wanted"
  output_stream: "landmarks_for_hands"
}
node {
  calculator: "HandLandmarksLeftAndRightCpu"
  input_stream: "IMAGE:image"
  input_stream: "POSE_LANDMARKS:landmarks_for_hands"
  output_stream: "LEFT_HAND_LANDMARKS:left_hand_landmarks"
  output_stream: "RIGHT_HAND_LANDMARKS:right_hand_landmarks"
}
"""
_ONE_TIME_WARNING_GRAPH = """
input_stream: "points"
input_stream: "rect"
output_stream: "projected"
node {
  calculator: "LandmarkProjectionCalculator"
  input_stream: "NORM_LANDMARKS:points"
  input_stream: "NORM_RECT:rect"
  output_stream: "NORM_LANDMARKS:projected"
}
"""

# Names that MediaPipe gives to parts of its subgraphs when it expands them.
_DETECTOR_NODE = "poselandmarkcpu__posedetectioncpu__TensorsToDetectionsCalculator"
_BODY_FLAG = "poselandmarkcpu__poselandmarkbyroicpu__tensorstoposelandmarksandsegmentation__"
_TRACKING_NODE = _BODY_FLAG + "ThresholdingCalculator"
_BODY_SCORE = _BODY_FLAG + "pose_presence_score"
_HAND_SCORE = (
    "handlandmarksleftandrightcpu__handlandmarksfromposecpu_{}__handlandmarkcpu__"
    "hand_presence_score"
)
_BODY, _LEFT, _RIGHT = "pose_landmarks", "left_hand_landmarks", "right_hand_landmarks"
_LEFT_SCORE, _RIGHT_SCORE = _HAND_SCORE.format(1), _HAND_SCORE.format(2)

_FAILURES = (RuntimeError, ValueError, TypeError, OSError)
_BLANK: U8 = np.zeros((64, 64, 3), np.uint8)


class HolisticGraph:
    """The running networks. One thread at a time; makes two of its own.

    Construction loads everything and runs a blank picture, so that the first real one is not
    slow.

    Args:
        min_detection_confidence: Smallest score at which a new person is taken up, 0..1.
        min_tracking_confidence: Smallest score at which one is followed, 0..1.
        smooth: Whether body landmarks go through MediaPipe's filters.

    Attributes:
        watched: Streams whose newest packets are kept; a subclass may watch more of them.

    Raises:
        ModelError: MediaPipe cannot load or run the graph.
    """

    watched: tuple[str, ...] = (_BODY, _LEFT, _RIGHT, _BODY_SCORE, _LEFT_SCORE, _RIGHT_SCORE)

    def __init__(
        self, *, min_detection_confidence: float, min_tracking_confidence: float, smooth: bool
    ) -> None:
        self._outputs: dict[str, Any] = {}
        self._side_packets = _side_packets(smooth)
        try:
            with quiet_native_log():
                _spend_one_time_warning()
                config = _expanded(min_detection_confidence, min_tracking_confidence)
                self._graph = CalculatorGraph(graph_config=config)
                for stream in self.watched:
                    self._graph.observe_output_stream(stream, self._outputs.__setitem__, False)
                self._start()
        except _FAILURES as error:
            raise ModelError(
                f"MediaPipe cannot load its pose and hand networks: {error}. Expected "
                "mediapipe 0.10.21 with its model files; reinstall it with `make run`."
            ) from error

    def process(self, image: U8, time_us: int, *, hands: bool = True) -> Landmarks:
        """Find one person's landmarks.

        Args:
            image: `(H, W, 3)` uint8 RGB, contiguous.
            time_us: Capture time. One that does not advance is moved just after the last.
            hands: Whether to look for hands: 41 ms with both in view, 19 ms without.

        Raises:
            ModelError: The picture is of another kind, or MediaPipe failed; then only `restart`
                helps.
        """
        _check(image)
        try:
            self._run(image, self._next_time_us(time_us), hands)
        except _FAILURES as error:
            height, width = image.shape[:2]
            raise ModelError(
                f"MediaPipe failed on a picture of {width}x{height} pixels: {error}"
            ) from error
        return Landmarks(
            body=self._points(_BODY, ("x", "y", "z", "visibility")),
            left_hand=self._points(_LEFT, ("x", "y", "z")),
            right_hand=self._points(_RIGHT, ("x", "y", "z")),
            body_score=self._score(_BODY_SCORE),
            left_score=self._score(_LEFT_SCORE),
            right_score=self._score(_RIGHT_SCORE),
        )

    def restart(self) -> None:
        """Forget the person and every filter; loads the networks again (0.1 to 0.3 s).

        A blank picture would be quicker but not enough: the filter on visibility outlives a lost
        person.

        Raises:
            ModelError: MediaPipe failed.
        """
        if self._origin_us is None:
            return
        try:
            with quiet_native_log():
                self.close()
                self._start()
        except _FAILURES as error:
            raise ModelError(f"MediaPipe cannot be restarted: {error}") from error

    def close(self) -> None:
        """Free the networks. Idempotent; never raises."""
        # A graph that failed says so once more when it is closed; `process` has raised it.
        with suppress(*_FAILURES):
            self._graph.close()

    def _start(self) -> None:
        self._graph.start_run(self._side_packets)
        self._run(_BLANK, 0, True)
        self._last_us = 0
        self._origin_us: int | None = None

    def _next_time_us(self, time_us: int) -> int:
        """Graph time: starts at 1 with the first picture, always advances."""
        if self._origin_us is None:
            self._origin_us = time_us - 1
        self._last_us = max(time_us - self._origin_us, self._last_us + 1)
        return self._last_us

    def _run(self, image: U8, graph_us: int, hands: bool) -> None:
        self._outputs.clear()
        wanted = packet_creator.create_bool(hands).at(graph_us)
        self._graph.add_packet_to_input_stream(stream="hands_wanted", packet=wanted)
        packet = packet_creator.create_image_frame(image_format=ImageFormat.SRGB, data=image)
        self._graph.add_packet_to_input_stream(stream="image", packet=packet.at(graph_us))
        self._graph.wait_until_idle()

    def _points(self, stream: str, fields: tuple[str, ...]) -> F32 | None:
        packet = self._outputs.get(stream)
        if packet is None:
            return None
        points = packet_getter.get_proto(packet).landmark
        return np.array([[getattr(p, name) for name in fields] for p in points], np.float32)

    def _score(self, stream: str) -> float:
        packet = self._outputs.get(stream)
        return 0.0 if packet is None else float(packet_getter.get_float(packet))


def _check(image: U8) -> None:
    """Refuse what MediaPipe would misread, or what would break its graph for good."""
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or image.size == 0:
        raise ModelError(
            "expected a picture of (height, width, 3) uint8 RGB, got "
            f"{image.shape} {image.dtype}; bring it there with engine.frames.as_rgb"
        )


def _side_packets(smooth: bool) -> dict[str, Any]:
    flags = {
        "smooth_landmarks": smooth,
        "enable_segmentation": False,
        "smooth_segmentation": False,
        "use_prev_landmarks": True,
    }
    # 1, the "full" network, is the only one inside the wheel.
    packets: dict[str, Any] = {"model_complexity": packet_creator.create_int(1)}
    packets.update({name: packet_creator.create_bool(value) for name, value in flags.items()})
    return packets


def _expanded(min_detection_confidence: float, min_tracking_confidence: float) -> Any:
    """The graph with its subgraphs unfolded, where thresholds can be set."""
    resource_util.set_resource_dir(str(Path(mediapipe.__file__).parent.parent))
    validated = ValidatedGraphConfig()
    validated.initialize(graph_config=_GRAPH)
    config = CalculatorGraphConfig()
    config.ParseFromString(validated.binary_config)
    nodes = {node.name: node.options for node in config.node}
    try:
        detector, tracking = nodes[_DETECTOR_NODE], nodes[_TRACKING_NODE]
    except KeyError as error:
        raise ValueError(f"the graph has no part called {error}") from error
    detector.Extensions[
        TensorsToDetectionsCalculatorOptions.ext
    ].min_score_thresh = min_detection_confidence
    tracking.Extensions[ThresholdingCalculatorOptions.ext].threshold = min_tracking_confidence
    return config


def _spend_one_time_warning() -> None:
    """Have the warning that MediaPipe gives once a process while it is being held back.

    Without this it comes with the first person, in the middle of a live session.
    """
    graph = CalculatorGraph(graph_config=_ONE_TIME_WARNING_GRAPH)
    graph.start_run()
    points = NormalizedLandmarkList()
    points.landmark.add()
    whole = NormalizedRect(x_center=0.5, y_center=0.5, width=1.0, height=1.0)
    for stream, proto in (("points", points), ("rect", whole)):
        packet = packet_creator.create_proto(proto).at(0)
        graph.add_packet_to_input_stream(stream=stream, packet=packet)
    graph.wait_until_idle()
    graph.close()
