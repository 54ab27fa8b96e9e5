"""The two hands of one person, looked at beside the body."""

from dataclasses import dataclass
from functools import partial

from engine.frames import U8
from plugins.pose.direct.body import Body
from plugins.pose.direct.hand import Hand, HandNetwork
from plugins.pose.direct.hand_follower import HandFollower
from plugins.pose.direct.networks import Networks
from plugins.pose.direct.region import Region
from plugins.pose.direct.savings import Savings
from plugins.pose.direct.team import Job, Team
from plugins.pose.direct.view import SeenHand

_LEFT, _RIGHT = 0, 1
_SIDES = (_LEFT, _RIGHT)


@dataclass(frozen=True)
class _EarlyLook:
    side: int
    region: Region
    job: Job[Hand]


class BothHands:
    """Decides which hands are looked at, where, and by whom. `begin`, then `finish` or `drop`.

    A hand is looked at while the body still is, where the hand of the picture before says to
    look. MediaPipe waits for the body and then asks a network for another place; where the two
    agree it takes the first, so the early look is right, and where they do not it is thrown away.

    Args:
        networks: Shared with others that are not stepped at the same time.
        team: The same.
    """

    def __init__(self, networks: Networks, team: Team) -> None:
        self._networks = networks
        self._team = team
        self._followers = (HandFollower(_LEFT), HandFollower(_RIGHT))
        self._number = 0
        self._due: list[int] = []
        self._early: _EarlyLook | None = None

    def reset(self) -> None:
        """Forget them."""
        self.drop()
        self._number = 0
        for follower in self._followers:
            follower.reset()

    @property
    def found(self) -> list[SeenHand]:
        """The left hand and the right one."""
        return [follower.found for follower in self._followers]

    @property
    def busy(self) -> bool:
        """Whether the helper looks at one now."""
        return self._early is not None

    def begin(self, image: U8, savings: Savings) -> None:
        """A new picture: have the helper look at a hand, if it is known where.

        At one only: the body takes as long as a hand.
        """
        both = all(follower.is_about for follower in self._followers)
        self._due = [
            side
            for side, follower in enumerate(self._followers)
            if follower.is_due(savings, self._number, both=both)
        ]
        self._number += 1
        if not self._team.has_helper:
            return
        for side in self._due:
            before = self._followers[side].before
            if before is not None and before.is_usable and self._followers[side].is_steady:
                look = self._networks.hands[side].hand.see
                work = partial(look, image, before, quick=savings.quick_crops)
                self._early = _EarlyLook(side, before, self._team.offer(work))
                return

    def finish(self, image: U8, body: Body, savings: Savings) -> None:
        """Now that the body is known, look at what has not been looked at.

        Raises:
            ModelError: A network failed.
        """
        size_px = (image.shape[1], image.shape[0])
        regions: dict[int, Region] = {}
        for side in self._due:
            region = self._followers[side].coarse(body, savings, size_px)
            if region is not None:
                regions[side] = region
        looks = self._looks(image, regions, savings)
        for side, follower in enumerate(self._followers):
            if side in self._due:
                follower.take(looks.get(side), body)
            else:
                follower.pass_by(body)

    def drop(self) -> None:
        """What was begun is not needed; returns when nobody works on it."""
        if self._early is not None:
            self._early.job.drop()
            self._early = None

    def _looks(
        self, image: U8, coarse: dict[int, Region], savings: Savings
    ) -> dict[int, Hand | None]:
        """What is seen, by side."""
        early = self._early
        places = self._places(image, coarse, savings)
        looks: dict[int, Hand | None] = {}
        if early is not None and places.get(early.side) == early.region:
            looks[early.side] = early.job.result()
        self.drop()
        late = {side: region for side, region in coarse.items() if side not in looks}
        return looks | self._late_looks(image, late, places, savings)

    def _places(self, image: U8, coarse: dict[int, Region], savings: Savings) -> dict[int, Region]:
        """Where to look, of those sides where that is not found out with the look itself."""
        place = partial(self._place, image, savings=savings)
        if len(coarse) == 1:
            return {side: place(side, region) for side, region in coarse.items()}
        if self._early is None or self._early.side not in coarse:
            return {}
        first, other = self._early.side, _RIGHT - self._early.side
        job = self._team.offer(partial(place, other, coarse[other]))
        try:
            return {first: place(first, coarse[first]), other: job.result()}
        finally:
            job.drop()

    def _late_looks(
        self, image: U8, coarse: dict[int, Region], places: dict[int, Region], savings: Savings
    ) -> dict[int, Hand | None]:
        """One hand with all threads there are, or each with one."""

        def look(side: int, network: HandNetwork) -> Hand | None:
            place = places.get(side) or self._place(image, side, coarse[side], savings=savings)
            return network.see(image, place, quick=quick) if place.is_usable else None

        quick = savings.quick_crops
        if len(coarse) < len(_SIDES):
            return {side: look(side, self._networks.wide_hand) for side in coarse}
        left, right = (side.hand for side in self._networks.hands)
        job = self._team.offer(partial(look, _LEFT, left))
        try:
            return {_RIGHT: look(_RIGHT, right), _LEFT: job.result()}
        finally:
            job.drop()

    def _place(self, image: U8, side: int, coarse: Region, *, savings: Savings) -> Region:
        """Where to look for a hand."""
        follower, before = self._followers[side], self._followers[side].before
        if before is not None and follower.trusts_itself(savings):
            return before
        told = self._networks.hands[side].placer.place(image, coarse, quick=savings.quick_crops)
        return before if before is not None and follower.agrees(told) else told
