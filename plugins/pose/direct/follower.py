"""One person from picture to picture."""

from functools import partial

from engine.frames import U8
from plugins.pose.direct.body import Body
from plugins.pose.direct.body_filter import BodyFilter
from plugins.pose.direct.hand import Hand
from plugins.pose.direct.hand_follower import HandFollower
from plugins.pose.direct.networks import Networks
from plugins.pose.direct.region import Region
from plugins.pose.direct.savings import Savings
from plugins.pose.direct.team import Job, Team
from plugins.pose.direct.view import landmarks
from plugins.pose.landmarks import Landmarks

_SIDES = (0, 1)


class PersonFollower:
    """Follows a body and its hands. One thread at a time, with a team to share the work.

    A hand is looked at while the body still is, where the hand of the picture before says to
    look. MediaPipe waits for the body and then asks it for another place; where the two agree it
    takes the first, so the early look is right, and where they do not it is thrown away.

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
        self._team = team
        self._min_score = min_score
        self._filter = BodyFilter(smooth=smooth)
        self._hands = tuple(HandFollower(side) for side in _SIDES)
        self.region: Region | None = None
        self.body: Body | None = None
        self._number = 0

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
        self._filter.reset()
        for hand in self._hands:
            hand.reset()
        self._number = 0

    def step(self, image: U8, time_ns: int, savings: Savings) -> Landmarks:
        """Landmarks of the person in a picture; without a body if they are not there any more.

        Args:
            image: `(H, W, 3)` uint8 RGB.
            time_ns: When it was captured.
            savings: What may be left out.

        Raises:
            ModelError: A network failed.
        """
        due = [hand.is_due(savings, self._number) for hand in self._hands]
        self._number += 1
        early = [self._early_look(image, side, savings) if due[side] else None for side in _SIDES]
        try:
            body = self._body(image, time_ns)
            if body is None:
                return Landmarks(body=None)
            self._look(image, body, savings, due, early)
        finally:
            for job in early:
                if job is not None:
                    job.drop()
        size_px = (image.shape[1], image.shape[0])
        return landmarks(body, [hand.found for hand in self._hands], size_px)

    def _body(self, image: U8, time_ns: int) -> Body | None:
        region = self.region
        if region is None or not region.is_usable:
            self.lose()
            return None
        seen = self._networks.body.see(image, region)
        if not seen.score > self._min_score:
            self.lose()
            return None
        self.body, self.region = self._filter.step(seen, time_ns)
        return self.body

    def _early_look(self, image: U8, side: int, savings: Savings) -> Job[Hand] | None:
        before = self._hands[side].before
        if before is None or not before.is_usable or not self._team.has_helper:
            return None
        network = self._networks.hands[side].of(light=savings.light_hands)
        return self._team.offer(partial(network.see, image, before))

    def _look(
        self,
        image: U8,
        body: Body,
        savings: Savings,
        due: list[bool],
        early: list[Job[Hand] | None],
    ) -> None:
        size_px = (image.shape[1], image.shape[0])
        looks: list[Job[Hand | None] | None] = [None, None]
        # Hands that nobody looks at yet first: the helper can begin with them.
        for side in sorted(_SIDES, key=lambda side: early[side] is not None):
            coarse = self._hands[side].coarse(body, savings, size_px) if due[side] else None
            if coarse is not None:
                looks[side] = self._look_at(image, side, coarse, savings, early[side])
        # The helper begins with the left hand, so this thread does with the right one.
        for side in reversed(_SIDES):
            hand, look = self._hands[side], looks[side]
            if due[side]:
                hand.take(look.result() if look else None, body)
            else:
                hand.pass_by(body)

    def _look_at(
        self, image: U8, side: int, coarse: Region, savings: Savings, early: Job[Hand] | None
    ) -> Job[Hand | None]:
        """The look whose result counts."""
        if early is None:
            return self._team.offer(partial(self._placed_look, image, side, coarse, savings))
        told = self._networks.hands[side].placer.place(image, coarse)
        if self._hands[side].agrees(told):
            return early
        early.drop()
        return self._team.offer(partial(self._see, image, side, told, savings))

    def _placed_look(self, image: U8, side: int, coarse: Region, savings: Savings) -> Hand | None:
        told = self._networks.hands[side].placer.place(image, coarse)
        hand = self._hands[side]
        region = hand.before if hand.agrees(told) else told
        return self._see(image, side, region, savings)

    def _see(self, image: U8, side: int, region: Region | None, savings: Savings) -> Hand | None:
        if region is None or not region.is_usable:
            return None
        return self._networks.hands[side].of(light=savings.light_hands).see(image, region)
