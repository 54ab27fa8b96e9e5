"""One person from picture to picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from engine.frames import U8
from plugins.pose.direct.body import Body
from plugins.pose.direct.body_filter import BodyFilter
from plugins.pose.direct.hand import Hand, HandNetwork
from plugins.pose.direct.hand_follower import HandFollower
from plugins.pose.direct.networks import Networks
from plugins.pose.direct.region import Region
from plugins.pose.direct.savings import Savings
from plugins.pose.direct.team import Job, Team
from plugins.pose.direct.view import landmarks
from plugins.pose.landmarks import NOBODY, Landmarks

_SIDES = (0, 1)


class PersonFollower:
    """Follows a body and its hands. One thread at a time, with a team to share the work.

    A hand is looked at while the body still is, where the hand of the picture before says to
    look. MediaPipe waits for the body and then asks it for another place; where the two agree it
    takes the first, so the early look is right, and where they do not it is thrown away. What has
    both cores to itself uses both.

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
        due = self._due(savings)
        early = self._early_look(image, due, savings)
        try:
            body = self._body(image, time_ns, alone=early is None)
            if body is None:
                return NOBODY
            looks = self._looks(image, body, due, early, savings)
        finally:
            if early is not None:
                early.job.drop()
        for side, hand in enumerate(self._hands):
            if side in due:
                hand.take(looks.get(side), body)
            else:
                hand.pass_by(body)
        size_px = (image.shape[1], image.shape[0])
        return landmarks(body, [hand.found for hand in self._hands], size_px)

    def _due(self, savings: Savings) -> list[int]:
        """Sides to be looked at in this picture."""
        both = all(hand.is_about for hand in self._hands)
        number = self._number
        self._number += 1
        return [side for side in _SIDES if self._hands[side].is_due(savings, number, both=both)]

    def _early_look(self, image: U8, due: list[int], savings: Savings) -> "_EarlyLook | None":
        """Have the helper look at a hand while the body is looked at.

        At one only: the body takes as long as a hand.
        """
        if not self._team.has_helper:
            return None
        for side in due:
            before = self._hands[side].before
            if before is not None and before.is_usable:
                network = self._networks.hands[side].of(light=savings.light_hands)
                return _EarlyLook(side, self._team.offer(partial(network.see, image, before)))
        return None

    def _body(self, image: U8, time_ns: int, *, alone: bool) -> Body | None:
        region = self.region
        if region is None or not region.is_usable:
            self.lose()
            return None
        network = self._networks.wide_body if alone else self._networks.body
        seen = network.see(image, region)
        if not seen.score > self._min_score:
            self.lose()
            return None
        self.body, self.region = self._filter.step(seen, time_ns)
        return self.body

    def _looks(
        self,
        image: U8,
        body: Body,
        due: list[int],
        early: "_EarlyLook | None",
        savings: Savings,
    ) -> dict[int, Hand | None]:
        """What is seen of the hands that may be there, by side."""
        size_px = (image.shape[1], image.shape[0])
        coarse = {side: self._hands[side].coarse(body, savings, size_px) for side in due}
        late = {side: region for side, region in coarse.items() if region is not None}
        looks: dict[int, Hand | None] = {}
        if early is not None and early.side in late and self._agrees(image, early.side, late):
            del late[early.side]
            looks[early.side] = early.job.result()
        elif early is not None:
            early.job.drop()
        return looks | self._late_looks(image, late, savings)

    def _agrees(self, image: U8, side: int, coarse: Mapping[int, Region]) -> bool:
        told = self._networks.hands[side].placer.place(image, coarse[side])
        return self._hands[side].agrees(told)

    def _late_looks(
        self, image: U8, coarse: Mapping[int, Region], savings: Savings
    ) -> dict[int, Hand | None]:
        """One hand with all threads there are, or each with one."""
        if len(coarse) < len(_SIDES):
            network = self._networks.wide_hand.of(light=savings.light_hands)
            return {s: self._look(image, s, region, network) for s, region in coarse.items()}
        networks = [hand.of(light=savings.light_hands) for hand in self._networks.hands]
        left, right = _SIDES
        job = self._team.offer(partial(self._look, image, left, coarse[left], networks[left]))
        try:
            seen = self._look(image, right, coarse[right], networks[right])
            return {left: job.result(), right: seen}
        finally:
            job.drop()

    def _look(self, image: U8, side: int, coarse: Region, network: HandNetwork) -> Hand | None:
        told = self._networks.hands[side].placer.place(image, coarse)
        hand = self._hands[side]
        region = hand.before if hand.agrees(told) else told
        return network.see(image, region) if region is not None and region.is_usable else None


@dataclass(frozen=True)
class _EarlyLook:
    side: int
    job: Job[Hand]
