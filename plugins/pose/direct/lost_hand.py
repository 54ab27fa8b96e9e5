"""A hand that is not where the body says: where to search for it, and which palm is it. Pure."""

from collections.abc import Iterable

import numpy as np

from plugins.pose.direct.body import Body
from plugins.pose.direct.palm_detector import Palm
from plugins.pose.direct.region import F64, Region

_SHOULDERS = 11, 12
_WRIST = 15
# Side of the square about the wrist, in shoulder widths. On the development clips the hand network
# confirms a palm as often as in the whole picture, and more of them where people are far away.
_WIDTHS = 2.0


def around(body: Body, side: int) -> Region:
    """The square in which to search.

    Args:
        body: As it was seen last.
        side: 0 for the left hand, 1 for the right.
    """
    left, right = body.points_px[list(_SHOULDERS), :2]
    x_px, y_px = _wrist(body, side).tolist()
    return Region(x_px, y_px, _WIDTHS * float(np.hypot(*(left - right))), 0.0)


def chosen(palms: Iterable[Palm], body: Body, side: int, other: F64 | None) -> Palm | None:
    """The palm that is that hand's: the nearest to its wrist that is not the other one's.

    Args:
        palms: That were found.
        body: As it was seen last.
        side: 0 for the left hand, 1 for the right.
        other: `(21, 2 or more)` px of the other hand; None if that is lost, too: then a palm is of
            the hand to whose wrist it is nearer.
    """
    mine = [(_away(palm, _wrist(body, side)), palm) for palm in palms if palm.region.is_usable]
    if other is None:
        theirs = _wrist(body, 1 - side)
        mine = [(away, palm) for away, palm in mine if away < _away(palm, theirs)]
    else:
        mine = [(away, palm) for away, palm in mine if _away(palm, other) > palm.size_px]
    return min(mine, key=lambda one: one[0])[1] if mine else None


def _wrist(body: Body, side: int) -> F64:
    return body.points_px[_WRIST + side, :2]


def _away(palm: Palm, points_px: F64) -> float:
    """From the middle of its region to the nearest of them, px."""
    middle = (palm.region.x_px, palm.region.y_px)
    return float(np.hypot(*(np.atleast_2d(points_px)[:, :2] - middle).T).min())
