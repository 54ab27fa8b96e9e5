"""MediaPipe's graph, and where it looks."""

from typing import Any

from mediapipe.python import packet_getter

from plugins.pose.direct.region import Region
from plugins.pose.mediapipe.holistic_graph import HolisticGraph

# Names that MediaPipe gives to streams of its subgraphs when it expands them.
_BODY = "poselandmarkcpu__pose_rect"
_HANDS = tuple(
    f"handlandmarksleftandrightcpu__{side}_hand_tracking_roi" for side in ("left", "right")
)


class WatchedGraph(HolisticGraph):
    """As `HolisticGraph`, and it tells the regions of the newest picture."""

    watched = (*HolisticGraph.watched, _BODY, *_HANDS)

    def body_region(self, size_px: tuple[int, int]) -> Region | None:
        """Where the body was looked for in a picture of that width and height, if it was."""
        return self._region(_BODY, size_px)

    def hand_regions(self, size_px: tuple[int, int]) -> tuple[Region | None, Region | None]:
        """The same of the left hand and the right one."""
        left, right = (self._region(stream, size_px) for stream in _HANDS)
        return left, right

    def _region(self, stream: str, size_px: tuple[int, int]) -> Region | None:
        packet: Any = self._outputs.get(stream)
        if packet is None:
            return None
        rect = packet_getter.get_proto(packet)
        width_px, height_px = size_px
        # Squares of pixels, told as parts of width and height.
        return Region(
            rect.x_center * width_px,
            rect.y_center * height_px,
            rect.width * width_px,
            rect.rotation,
        )
