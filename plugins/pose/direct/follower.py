"""One person from picture to picture."""

from engine.frames import U8
from plugins.pose.direct.body import Body
from plugins.pose.direct.body_filter import BodyFilter
from plugins.pose.direct.both_hands import BothHands
from plugins.pose.direct.face_follower import FaceFollower
from plugins.pose.direct.networks import Networks
from plugins.pose.direct.region import Region
from plugins.pose.direct.savings import Savings
from plugins.pose.direct.team import Team
from plugins.pose.direct.turns import Turns
from plugins.pose.direct.view import landmarks
from plugins.pose.landmarks import NOBODY, Landmarks


class PersonFollower:
    """Follows a body, its hands and, if wanted, its face.

    One thread at a time, with a team to share the work. The face comes last: it is the smallest
    of all looks.

    Args:
        networks: Shared with others that are not stepped at the same time.
        team: The same.
        min_score: Smallest score at which the body is followed on, 0..1.
        smooth: Whether landmarks of the body are smoothed.

    Attributes:
        region: Where the body is looked for in the next picture; None if nobody is followed.
        body: As it was in the latest picture; None if nobody was.
    """

    def __init__(self, networks: Networks, team: Team, *, min_score: float, smooth: bool) -> None:
        self._networks = networks
        self._min_score = min_score
        self._filter = BodyFilter(smooth=smooth)
        self._hands = BothHands(networks, team)
        self._turns = Turns()
        self._face = FaceFollower(networks.face)
        self.region: Region | None = None
        self.body: Body | None = None

    @property
    def follows(self) -> bool:
        """Whether there is somebody."""
        return self.region is not None

    def begin(self, region: Region) -> None:
        """Take somebody up, who is in that region of the next picture."""
        self.lose()
        self.region = region

    def lose(self) -> None:
        """Forget everything."""
        self.region = self.body = None
        self._turns.reset()
        self._filter.reset()
        self._hands.reset()
        self._face.reset()

    def step(self, image: U8, time_ns: int, savings: Savings) -> Landmarks:
        """Landmarks of the person in a picture; without a body if they are not there any more.

        Args:
            image: `(H, W, 3)` uint8 RGB.
            time_ns: When it was captured.
            savings: What may be left out.

        Raises:
            ModelError: A network failed.
        """
        try:
            body = self._looked(image, time_ns, savings)
        finally:
            self._hands.drop()
        if body is None:
            self.lose()
            return NOBODY
        self._face.step(image, body, savings)
        size_px = (image.shape[1], image.shape[0])
        return landmarks(body, self._hands.found, size_px, self._face.found)

    def _looked(self, image: U8, time_ns: int, savings: Savings) -> Body | None:
        """The body, with hands looked at, or None if it is not there."""
        body_is_due, hands_are_due = self._turns.step(time_ns, savings)
        if hands_are_due:
            self._hands.begin(image, savings, alone=not body_is_due)
        if self.body is not None and not body_is_due:
            self.body = self._hands.finish_alone(image, self.body, savings)
            return self.body
        body = self._seen(image, time_ns, savings)
        if body is not None and hands_are_due:
            self._hands.finish(image, body, savings)
        elif body is not None:
            self._hands.hold(body)
        return body

    def _seen(self, image: U8, time_ns: int, savings: Savings) -> Body | None:
        """The body, or None if it is not there."""
        if self.region is None or not self.region.is_usable:
            return None
        # What has all cores to itself uses them.
        network = self._networks.body if self._hands.busy else self._networks.wide_body
        seen = network.see(image, self.region, quick=savings.quick_crops)
        if not seen.score > self._min_score:
            return None
        self.body, self.region = self._filter.step(seen, time_ns)
        return self.body
