"""The two hands of one person, looked at beside the body."""

from dataclasses import dataclass
from functools import partial

from engine.frames import U8
from plugins.pose.direct.body import Body
from plugins.pose.direct.hand import Hand, HandNetwork
from plugins.pose.direct.hand_follower import HandFollower
from plugins.pose.direct.lost_hand import around, chosen
from plugins.pose.direct.networks import Networks
from plugins.pose.direct.palm_detector import Palm
from plugins.pose.direct.region import Region
from plugins.pose.direct.savings import Savings
from plugins.pose.direct.team import Job, Team
from plugins.pose.direct.view import SeenHand

_LEFT, _RIGHT = 0, 1
_SIDES = (_LEFT, _RIGHT)


@dataclass(frozen=True)
class _EarlyLook:
    """Of a hand; `region` is where, if that is still to be judged."""

    region: Region | None
    job: Job[Hand | None]


@dataclass(frozen=True)
class _Scene:
    image: U8
    body: Body
    savings: Savings
    alone: bool = False


class BothHands:
    """Decides which hands are looked at, where, and by whom. `begin`, then `finish` or `drop`.

    A hand is looked at while the body still is, where the hand of the picture before says to
    look. MediaPipe waits for the body and then asks a network for another place; where the two
    agree it takes the first, so the early look is right, and where they do not it is thrown away.
    With `Savings.hands_beside` the place is asked for beside it, too, going by the body before.

    Args:
        networks: Shared with others that are not stepped at the same time.
        team: The same.
    """

    def __init__(self, networks: Networks, team: Team) -> None:
        self._networks = networks
        self._team = team
        self._followers = (HandFollower(_LEFT), HandFollower(_RIGHT))
        self._number = 0
        self._looked = [-1, -1]
        self._due: list[int] = []
        self._early: dict[int, _EarlyLook] = {}
        self._body: Body | None = None

    def reset(self) -> None:
        """Forget them."""
        self.drop()
        self._number = 0
        self._looked = [-1, -1]
        self._body = None
        for follower in self._followers:
            follower.reset()

    @property
    def found(self) -> list[SeenHand]:
        """The left hand and the right one."""
        return [follower.found for follower in self._followers]

    @property
    def busy(self) -> bool:
        """Whether the helper may be looking at one now."""
        return bool(self._early)

    def begin(self, image: U8, savings: Savings, *, alone: bool = False) -> None:
        """A new picture in which hands are looked for: let the helper look, if it is known where.

        Args:
            image: `(H, W, 3)` uint8 RGB.
            savings: What may be left out.
            alone: Whether the body is not looked at. It takes as long as a hand, so that there is
                time for one hand beside it.
        """
        most = len(_SIDES) if alone else 1
        self._due = self._sides_due(savings, alone=alone)
        if savings.hands_beside:
            self._due = self._due[:most]
        for side in self._due:
            self._looked[side] = self._number
        self._number += 1
        for side in self._due:
            early = self._offered(image, side, savings) if len(self._early) < most else None
            if early is not None:
                self._early[side] = early

    def finish(self, image: U8, body: Body, savings: Savings) -> None:
        """Now that the body is known, look at what has not been looked at.

        Raises:
            ModelError: A network failed.
        """
        self._look(_Scene(image, body, savings))
        self._body = body

    def hold(self, body: Body) -> None:
        """A picture in which only the body is looked at: hands stay where they were a picture ago.

        Going along with the wrist would move them by the lag of the body's filter, back and forth.
        """
        for follower in self._followers:
            follower.hold_by(body)
        self._body = body

    def finish_alone(self, image: U8, body: Body, savings: Savings) -> Body:
        """The same in a picture in which the body is not looked at.

        Args:
            image: `(H, W, 3)` uint8 RGB.
            body: Of the picture before.
            savings: What may be left out.

        Returns:
            The body, its wrists gone along with the hands.

        Raises:
            ModelError: A network failed.
        """
        moved = self._look(_Scene(image, body, savings, alone=True))
        for side, way_px in moved.items():
            # The body was seen half as long ago as the hand.
            right_px, down_px = (part / 2 for part in way_px)
            body = body.with_wrist_moved(side, right_px, down_px)
        for follower in self._followers:
            follower.hold_by(body)
        self._body = body
        return body

    def drop(self) -> None:
        """What was begun is not needed; returns when nobody works on it."""
        self._due = []
        while self._early:
            self._early.popitem()[1].job.drop()

    def _sides_due(self, savings: Savings, *, alone: bool) -> list[int]:
        """Hands to be looked for, the one first that was not for longer."""
        turns = not alone and all(follower.is_about for follower in self._followers)
        due = [
            side
            for side, follower in enumerate(self._followers)
            if follower.is_due(savings, self._number, turns=turns)
        ]
        return sorted(due, key=self._looked.__getitem__)

    def _offered(self, image: U8, side: int, savings: Savings) -> _EarlyLook | None:
        """An early look for the helper; None if nobody can say where."""
        network = self._networks.hands[side].hand
        if savings.hands_beside:
            coarse = self._coarse(side, self._body, image, savings)
            if coarse is None or self._body is None:
                return None
            find = partial(self._find, _Scene(image, self._body, savings), side, coarse, network)
            return _EarlyLook(None, self._team.offer(find))
        region = self._followers[side].aim
        if region is None:
            return None
        see = partial(network.see, image, region, quick=savings.quick_crops)
        return _EarlyLook(region, self._team.offer(see))

    def _coarse(self, side: int, body: Body | None, image: U8, savings: Savings) -> Region | None:
        size_px = (image.shape[1], image.shape[0])
        return None if body is None else self._followers[side].coarse(body, savings, size_px)

    def _look(self, scene: _Scene) -> dict[int, tuple[float, float]]:
        """Look, and take what was seen; how far each hand moved against its wrist, px."""
        coarse: dict[int, Region] = {}
        for side in self._due:
            region = self._coarse(side, scene.body, scene.image, scene.savings)
            if region is not None:
                coarse[side] = region
        looks = self._looks(scene, coarse)
        moved = {}
        for side, follower in enumerate(self._followers):
            if side in self._due:
                way_px = follower.take(looks.get(side), scene.body)
                if way_px is not None:
                    moved[side] = way_px
            else:
                follower.pass_by(scene.body)
        return moved

    def _looks(self, scene: _Scene, coarse: dict[int, Region]) -> dict[int, Hand | None]:
        """What is seen, by side."""
        asked = {side: coarse[side] for side in coarse if self._is_open(side)}
        places = self._places(scene, asked)
        looks: dict[int, Hand | None] = {}
        if scene.alone and self._early:
            # The helper has just begun: no use in waiting for it.
            for side in asked.keys() - self._early.keys():
                network = self._networks.hands[side].hand
                looks[side] = self._see(scene, places[side], network)
        looks |= self._early_looks(places)
        late = {side: coarse[side] for side in self._due if side in coarse and side not in looks}
        return looks | self._late_looks(scene, late, places)

    def _is_open(self, side: int) -> bool:
        """Whether it is still to be found out where to look."""
        early = self._early.get(side)
        return early is None or early.region is not None

    def _early_looks(self, places: dict[int, Region]) -> dict[int, Hand | None]:
        """Early looks that were where one would look now."""
        looks: dict[int, Hand | None] = {}
        # The helper has begun with the first: this thread does the last.
        while self._early:
            side, look = self._early.popitem()
            if look.region is None or places.get(side) == look.region:
                looks[side] = look.job.result()
            else:
                look.job.drop()
        return looks

    def _places(self, scene: _Scene, coarse: dict[int, Region]) -> dict[int, Region]:
        """Where to look, of those sides where that is not found out with the look itself."""

        def place(side: int) -> Region:
            return self._place(scene, side, coarse[side])

        if len(coarse) == 1:
            return {side: place(side) for side in coarse}
        first = next((side for side in self._early if side in coarse), None)
        if first is None:
            return {}
        other = _RIGHT - first
        mine, theirs = self._team.together(partial(place, first), partial(place, other))
        return {first: mine, other: theirs}

    def _late_looks(
        self, scene: _Scene, coarse: dict[int, Region], places: dict[int, Region]
    ) -> dict[int, Hand | None]:
        """One hand with all threads there are, or each with one."""

        def look(side: int, network: HandNetwork) -> Hand | None:
            if side in places:
                return self._see(scene, places[side], network)
            return self._find(scene, side, coarse[side], network)

        if len(coarse) < len(_SIDES):
            return {side: look(side, self._networks.wide_hand) for side in coarse}
        left, right = (side.hand for side in self._networks.hands)
        mine, theirs = self._team.together(partial(look, _RIGHT, right), partial(look, _LEFT, left))
        return {_RIGHT: mine, _LEFT: theirs}

    def _find(self, scene: _Scene, side: int, coarse: Region, network: HandNetwork) -> Hand | None:
        """Find out where a hand is, and look."""
        return self._see(scene, self._place(scene, side, coarse), network)

    def _see(self, scene: _Scene, place: Region, network: HandNetwork) -> Hand | None:
        if not place.is_usable:
            return None
        return network.see(scene.image, place, quick=scene.savings.quick_crops)

    def _place(self, scene: _Scene, side: int, coarse: Region) -> Region:
        """Where to look for a hand."""
        follower, before = self._followers[side], self._followers[side].before
        if before is not None and follower.trusts_itself(scene.savings):
            return before
        if follower.searches(scene.savings):
            palm = self._palm(scene, side)
            if palm is not None:
                return palm.region
        placer, quick = self._networks.hands[side].placer, scene.savings.quick_crops
        told = placer.place(scene.image, coarse, quick=quick)
        return before if before is not None and follower.agrees(told) else told

    def _palm(self, scene: _Scene, side: int) -> Palm | None:
        """What the palm detector takes for a hand that is not where the body says."""
        view = around(scene.body, side)
        if not view.is_usable:
            return None
        palms = self._networks.hands[side].palms.find(scene.image, view)
        other = self._followers[_RIGHT - side].found
        return chosen(palms, scene.body, side, None if other is None else other[0])
