"""The people in a stream of pictures: found, told apart, followed, lost, found again."""

from dataclasses import dataclass

from engine.clock import NS_PER_S
from engine.frames import U8
from plugins.pose.direct.detector import Detection
from plugins.pose.direct.follower import PersonFollower
from plugins.pose.direct.main_person import MainPerson, prominence
from plugins.pose.direct.networks import Networks
from plugins.pose.direct.presence import Presence, Trail, of_body, of_detection
from plugins.pose.direct.savings import Savings
from plugins.pose.direct.search import Search
from plugins.pose.direct.team import Team
from plugins.pose.landmarks import NOBODY, Landmarks

# Somebody who is found again within this time is the same, if they can have come so far.
_KEPT_S = 2.0
_SIDES_PER_S = 0.3
# When two become one, who moved as nobody expected is judged by what was this long ago.
_SURPRISE_OVER_S = 0.25
# What was no person is not taken up again for this time.
_DOUBTED_S = 1.0


@dataclass(frozen=True)
class Seen:
    """One person in one picture.

    Attributes:
        person: Who: an id from 1, kept through short losses; 0 for nobody.
        found: Landmarks, without a body while they are lost.
    """

    person: int
    found: Landmarks


class _Slot:
    """Somebody who is followed, or was until lately."""

    def __init__(self, follower: PersonFollower) -> None:
        self.follower = follower
        self.trail = Trail()
        self.person = 0

    def forget(self) -> None:
        self.follower.lose()
        self.trail.clear()
        self.person = 0

    def take(self, person: int, detection: Detection) -> None:
        if person != self.person:
            self.trail.clear()
        self.person = person
        self.follower.begin(detection.region)

    def is_kept(self, time_ns: int) -> bool:
        last_ns = self.trail.last_ns
        return last_ns is not None and time_ns - last_ns <= _KEPT_S * NS_PER_S

    def step(self, image: U8, time_ns: int, savings: Savings) -> Landmarks:
        found = self.follower.step(image, time_ns, savings)
        if self.follower.body is not None:
            self.trail.add(time_ns, of_body(self.follower.body))
        return found

    def presence(self) -> Presence | None:
        body = self.follower.body
        return None if body is None else of_body(body)


class People:
    """Follows up to so many people. One thread at a time.

    Args:
        networks: Loaded, used by nobody else.
        team: Shares the work; closed with this.
        most: Most people.
        min_score: Smallest score at which a body is followed on, 0..1.
        smooth: Whether landmarks of bodies are smoothed.
    """

    def __init__(
        self, networks: Networks, team: Team, *, most: int, min_score: float, smooth: bool
    ) -> None:
        self._networks = networks
        self._team = team
        self._slots = [
            _Slot(PersonFollower(networks, team, min_score=min_score, smooth=smooth))
            for _ in range(most)
        ]
        self._search = Search(several=most > 1)
        self._main = MainPerson()
        self._doubted: list[tuple[int, Presence]] = []
        self._persons = 0
        self._size_px = (0, 0)

    def look(self, image: U8, time_ns: int, savings: Savings) -> list[Seen]:
        """Everybody in a picture, the main person first; one for each that may be followed.

        Args:
            image: `(H, W, 3)` uint8 RGB. In one of another size than before everybody is new.
            time_ns: When it was captured; advances between resets.
            savings: What may be left out.

        Raises:
            ModelError: A network failed.
        """
        size_px = (image.shape[1], image.shape[0])
        if size_px != self._size_px:
            # All places are in pixels of the picture before.
            self.reset()
            self._size_px = size_px
        self._find(image, time_ns)
        found = [self._step(slot, image, time_ns, savings) for slot in self._slots]
        self._part_the_same(time_ns, found)
        self._put_main_first(image.shape[1], time_ns, found)
        return [Seen(slot.person, one) for slot, one in zip(self._slots, found, strict=True)]

    def doubt(self, number: int, time_ns: int) -> None:
        """The one at that place of `look` is no person: let go of them, look for others."""
        slot = self._slots[number]
        presence = slot.presence()
        if presence is not None:
            self._doubted.append((time_ns, presence))
        slot.forget()
        self._search.reset()

    def reset(self) -> None:
        """Forget everybody."""
        for slot in self._slots:
            slot.forget()
        self._search.reset()
        self._main.reset()
        self._doubted.clear()
        self._persons = 0

    def close(self) -> None:
        """Let the team go. Idempotent."""
        self._team.close()

    def _find(self, image: U8, time_ns: int) -> None:
        followed = [slot for slot in self._slots if slot.follower.follows]
        if len(followed) == len(self._slots):
            return
        if not self._search.is_due(time_ns, followed=bool(followed)):
            return
        size_px = (image.shape[1], image.shape[0])
        detections = self._networks.detector.find(image, self._search.view(time_ns, size_px))
        detections.sort(key=lambda d: -prominence(of_detection(d), size_px[0]))
        taken: list[Presence] = []
        for detection in detections:
            there = of_detection(detection)
            twice = any(one.is_same(there) for one in taken)
            if not twice and not self._is_known(there, time_ns):
                self._take_up(detection, time_ns)
                taken.append(there)

    def _is_known(self, there: Presence, time_ns: int) -> bool:
        """Whether somebody is followed there already, or is known to be nobody."""
        self._doubted = [
            (since_ns, place)
            for since_ns, place in self._doubted
            if time_ns - since_ns <= _DOUBTED_S * NS_PER_S
        ]
        followed = (slot.presence() for slot in self._slots if slot.follower.follows)
        places = [place for place in followed if place] + [place for _, place in self._doubted]
        return any(place.is_same(there) for place in places)

    def _take_up(self, detection: Detection, time_ns: int) -> None:
        free = [slot for slot in self._slots if not slot.follower.follows]
        if not free:
            return
        there = of_detection(detection)
        for slot in free:
            if slot.is_kept(time_ns) and _came_back(slot.trail, there, time_ns):
                slot.take(slot.person, detection)
                return
        self._persons += 1
        # Somebody who may come back keeps their place while another one is free.
        min(free, key=lambda slot: slot.trail.last_ns or 0).take(self._persons, detection)

    def _step(self, slot: _Slot, image: U8, time_ns: int, savings: Savings) -> Landmarks:
        if not slot.follower.follows:
            if slot.person and not slot.is_kept(time_ns):
                slot.forget()
            return NOBODY
        found = slot.step(image, time_ns, savings)
        if found.body is None:
            self._search.reset()
        return found

    def _part_the_same(self, time_ns: int, found: list[Landmarks]) -> None:
        """Of two who are in the same place, lose the one who is not expected there."""
        for i, one in enumerate(self._slots):
            for j in range(i):
                here, there = one.presence(), self._slots[j].presence()
                if here is None or there is None or not here.is_same(there):
                    continue
                odd = max((i, j), key=lambda k: _surprise(self._slots[k], time_ns))
                self._slots[odd].follower.lose()
                found[odd] = NOBODY

    def _put_main_first(self, width_px: int, time_ns: int, found: list[Landmarks]) -> None:
        if len(self._slots) == 1:
            return
        there = {
            slot.person: prominence(presence, width_px)
            for slot in self._slots
            if (presence := slot.presence()) is not None
        }
        held = any(
            slot.person == self._main.person and slot.is_kept(time_ns) for slot in self._slots
        )
        main = self._main.step(time_ns, there, held)
        for k, slot in enumerate(self._slots):
            if main and slot.person == main and k:
                self._slots[0], self._slots[k] = self._slots[k], self._slots[0]
                found[0], found[k] = found[k], found[0]


def _came_back(trail: Trail, there: Presence, time_ns: int) -> bool:
    expected, last_ns = trail.expected(time_ns), trail.last_ns
    if expected is None or last_ns is None:
        return False
    away_s = (time_ns - last_ns) / NS_PER_S
    return expected.is_same(there, _SIDES_PER_S * away_s)


def _surprise(slot: _Slot, time_ns: int) -> float:
    """How far somebody is from where they were to be expected, in their sides."""
    presence, expected = slot.presence(), slot.trail.expected(time_ns, _SURPRISE_OVER_S)
    return 0.0 if presence is None or expected is None else expected.apart(presence)
