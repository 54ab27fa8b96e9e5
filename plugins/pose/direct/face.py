"""A face in its region: named points of it, and never more.

The network gives a mesh of 468 points, by which somebody could be known again. It does not leave
this module.
"""

from dataclasses import dataclass, replace

import numpy as np

from engine.frames import U8
from engine.skeletons import HOLISTIC_97
from plugins.pose.direct.crop import crop
from plugins.pose.direct.network_files import FACE
from plugins.pose.direct.numbers import finite, sigmoid
from plugins.pose.direct.region import F64, LEVEL_RAD, Region, rotation
from plugins.pose.direct.runtime import Network

# Where the named points are in the mesh.
_IN_MESH = {
    "face_forehead": 10,
    "face_nose_bridge": 168,
    "face_nose_tip": 4,
    "face_upper_lip": 0,
    "face_upper_lip_inner": 13,
    "face_lower_lip_inner": 14,
    "face_lower_lip": 17,
    "face_chin": 152,
    "face_left_brow": 282,
    "face_left_temple": 389,
    "face_left_cheekbone": 346,
    "face_left_cheek": 411,
    "face_left_jaw_corner": 288,
    "face_left_jaw": 379,
    "face_left_mouth_corner": 291,
    "face_right_brow": 52,
    "face_right_temple": 162,
    "face_right_cheekbone": 117,
    "face_right_cheek": 187,
    "face_right_jaw_corner": 58,
    "face_right_jaw": 150,
    "face_right_mouth_corner": 61,
}
_KEPT = [_IN_MESH[name] for name in HOLISTIC_97.joints[slice(*HOLISTIC_97.parts["face"])]]
_MESH_POINTS = 468
# Outer corners of the eyes, of the right one and of the left one.
_RIGHT_EYE, _LEFT_EYE = 33, 263
_ROOM = 1.5


@dataclass(frozen=True)
class Face:
    """What is kept of what the network saw.

    Attributes:
        points_px: `(22, 3)` float64, in the order of the joint set: x, y and z in pixels of the
            picture, z from the middle of the face.
        score: That there is a face, 0..1. Not whether something covers it.
        region: Where to look for it next.
    """

    points_px: F64
    score: float
    region: Region

    def moved(self, by_px: F64) -> "Face":
        """The same elsewhere, by `(2,)` pixels."""
        points = self.points_px.copy()
        points[:, :2] += by_px
        right, down = by_px.tolist()
        region = replace(self.region, x_px=self.region.x_px + right, y_px=self.region.y_px + down)
        return Face(points, self.score, region)


class FaceNetwork:
    """Looks at one region. One thread at a time.

    Args:
        network: The face network, loaded.
    """

    def __init__(self, network: Network) -> None:
        self._network = network

    def see(self, image: U8, region: Region, *, quick: bool = False) -> Face:
        """The face in `region` of `(H, W, 3)` uint8 RGB; `quick` as of `crop`.

        Raises:
            ModelError: The network failed.
        """
        crop(image, region, self._network.picture, quick=quick)
        landmarks, logit = self._network.run()
        parts = landmarks.reshape(_MESH_POINTS, 3).astype(np.float64) / FACE.side_px
        mesh_px = region.project(parts[:, :2])
        points_px = np.empty((len(_KEPT), 3))
        points_px[:, :2] = mesh_px[_KEPT]
        points_px[:, 2] = parts[_KEPT, 2] * region.side_px
        return Face(points_px, finite(sigmoid(logit)[0]), _around(mesh_px))


def _around(mesh_px: F64) -> Region:
    """The upright box about a face, made a square, turned with the eyes, with some room."""
    low, high = mesh_px.min(axis=0), mesh_px.max(axis=0)
    x, y = ((low + high) / 2).tolist()
    turn = rotation(mesh_px[_RIGHT_EYE].tolist(), mesh_px[_LEFT_EYE].tolist(), LEVEL_RAD)
    return Region(x, y, float((high - low).max()), turn).scaled(_ROOM)
