"""MediaPipe's own part that looks at a face in a given region."""

from pathlib import Path
from typing import Any

import mediapipe
import numpy as np
from mediapipe.framework.formats.rect_pb2 import NormalizedRect
from mediapipe.python import (
    CalculatorGraph,
    ImageFormat,
    packet_creator,
    packet_getter,
    resource_util,
)

from engine.frames import U8
from plugins.pose.direct.region import F64, Region
from plugins.pose.mediapipe.native_log import quiet_native_log

_GRAPH = """
input_stream: "image"
input_stream: "region"
input_side_packet: "with_attention"
output_stream: "mesh"
node {
  calculator: "FaceLandmarkCpu"
  input_stream: "IMAGE:image"
  input_stream: "ROI:region"
  input_side_packet: "WITH_ATTENTION:with_attention"
  output_stream: "LANDMARKS:mesh"
}
"""


def meshes_px(image: U8, regions: list[Region]) -> list[F64]:
    """`(468, 3)` px for each region, z as x."""
    height, width = image.shape[:2]
    size = np.array([width, height, width], np.float64)
    seen: list[Any] = []
    with quiet_native_log():
        resource_util.set_resource_dir(str(Path(mediapipe.__file__).parent.parent))
        graph = CalculatorGraph(graph_config=_GRAPH)
        graph.observe_output_stream("mesh", lambda _, packet: seen.append(_points(packet)), False)
        graph.start_run({"with_attention": packet_creator.create_bool(False)})
        for time_us, region in enumerate(regions, 1):
            packet = packet_creator.create_image_frame(image_format=ImageFormat.SRGB, data=image)
            graph.add_packet_to_input_stream("image", packet.at(time_us))
            rect = packet_creator.create_proto(_rect(region, width, height))
            graph.add_packet_to_input_stream("region", rect.at(time_us))
            graph.wait_until_idle()
        graph.close()
    return [points * size for points in seen]


def _points(packet: Any) -> F64:
    rows = [(p.x, p.y, p.z) for p in packet_getter.get_proto(packet).landmark]
    return np.array(rows, np.float64)


def _rect(region: Region, width: int, height: int) -> Any:
    return NormalizedRect(
        x_center=region.x_px / width,
        y_center=region.y_px / height,
        width=region.side_px / width,
        height=region.side_px / height,
        rotation=region.rotation_rad,
    )
