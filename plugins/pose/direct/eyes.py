"""One person in a stream of pictures: found, followed, lost, found again."""

from engine.clock import NS_PER_S
from engine.frames import U8
from plugins.pose.direct.follower import PersonFollower
from plugins.pose.direct.networks import Networks
from plugins.pose.direct.savings import Savings
from plugins.pose.direct.team import Team
from plugins.pose.landmarks import Landmarks


class Eyes:
    """Finds a person and follows them. One thread at a time.

    Args:
        networks: Loaded, used by nobody else.
        team: Shares the work; closed with this.
        min_score: Smallest score at which the body is followed on, 0..1.
        smooth: Whether landmarks of the body are smoothed.
    """

    def __init__(self, networks: Networks, team: Team, *, min_score: float, smooth: bool) -> None:
        self._networks = networks
        self._team = team
        self._follower = PersonFollower(networks, team, min_score=min_score, smooth=smooth)
        self._searched_ns: int | None = None

    def look(self, image: U8, time_ns: int, savings: Savings) -> Landmarks:
        """Landmarks of the person in a picture; without a body if there is nobody.

        Args:
            image: `(H, W, 3)` uint8 RGB.
            time_ns: When it was captured; advances between resets.
            savings: What may be left out.

        Raises:
            ModelError: A network failed.
        """
        if not self._follower.follows and self._may_search(time_ns, savings):
            self._search(image, time_ns)
        if not self._follower.follows:
            return Landmarks(body=None)
        return self._follower.step(image, time_ns, savings)

    def reset(self) -> None:
        """Forget the person."""
        self._follower.lose()
        self._searched_ns = None

    def close(self) -> None:
        """Let the team go. Idempotent."""
        self._team.close()

    def _may_search(self, time_ns: int, savings: Savings) -> bool:
        if self._searched_ns is None:
            return True
        return time_ns - self._searched_ns >= savings.detect_every_s * NS_PER_S

    def _search(self, image: U8, time_ns: int) -> None:
        found = self._networks.detector.find(image)
        # Once somebody is there who is lost again, the next picture is looked at anew.
        self._searched_ns = None if found else time_ns
        if found:
            self._follower.begin(found[0].region)
