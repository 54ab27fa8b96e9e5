"""What goes on inside MediaPipe's graph."""

from typing import Any

import numpy as np
from mediapipe.python import CalculatorGraph, ImageFormat, packet_creator, packet_getter

from engine.frames import U8
from plugins.pose.direct.region import F64, Region
from plugins.pose.mediapipe import holistic_graph
from plugins.pose.mediapipe.native_log import quiet_native_log

_POSE = "poselandmarkcpu__"
_HANDS = "handlandmarksleftandrightcpu__"
STREAMS = {
    "region by detector": _POSE + "pose_rect_from_detection",
    "region": _POSE + "pose_rect",
    "next region": _POSE + "pose_rect_from_landmarks",
    "raw points": _POSE + "unfiltered_pose_landmarks",
    "raw place": _POSE + "unfiltered_auxiliary_landmarks",
    "points": "pose_landmarks",
    "left region by body": _HANDS + "left_hand_roi_from_pose",
    "right region by body": _HANDS + "right_hand_roi_from_pose",
    "left region placed": _HANDS + "left_hand_roi_from_recrop",
    "right region placed": _HANDS + "right_hand_roi_from_recrop",
    "left region": _HANDS + "left_hand_tracking_roi",
    "right region": _HANDS + "right_hand_tracking_roi",
    "left hand": "left_hand_landmarks",
    "right hand": "right_hand_landmarks",
}
Packets = dict[str, Any]


def watched(images: list[U8], fps: float, *, smooth: bool) -> list[Packets]:
    """The packets of every stream above, for each picture of a fresh graph."""
    now: Packets = {}
    with quiet_native_log():
        graph = CalculatorGraph(graph_config=holistic_graph._expanded(0.5, 0.5))
        for name, stream in STREAMS.items():
            graph.observe_output_stream(stream, _keep(now, name), False)
        graph.start_run(holistic_graph._side_packets(smooth))
        seen = []
        for i, image in enumerate(images):
            now.clear()
            time_us = 1 + round(i * 1e6 / fps)
            wanted = packet_creator.create_bool(True).at(time_us)
            graph.add_packet_to_input_stream(stream="hands_wanted", packet=wanted)
            packet = packet_creator.create_image_frame(image_format=ImageFormat.SRGB, data=image)
            graph.add_packet_to_input_stream(stream="image", packet=packet.at(time_us))
            graph.wait_until_idle()
            seen.append(dict(now))
        graph.close()
    return seen


def _keep(now: Packets, name: str) -> Any:
    def keep(stream: str, packet: Any) -> None:
        now[name] = packet_getter.get_proto(packet)

    return keep


def region(rect: Any, image: U8) -> Region:
    """A normalised rectangle, which is a square in pixels."""
    height, width = image.shape[:2]
    assert abs(rect.width * width - rect.height * height) < 0.01
    return Region(rect.x_center * width, rect.y_center * height, rect.width * width, rect.rotation)


def points_px(landmarks: Any, image: U8) -> F64:
    """`(n, 3)` in pixels, z as x."""
    height, width = image.shape[:2]
    rows = [(p.x * width, p.y * height, p.z * width) for p in landmarks.landmark]
    return np.array(rows, np.float64)


def visibility(landmarks: Any) -> F64:
    """`(n,)`."""
    return np.array([p.visibility for p in landmarks.landmark], np.float64)
