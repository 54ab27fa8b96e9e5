"""Everything that looks at pictures, loaded."""

from dataclasses import dataclass

from plugins.pose.direct import network_files as files
from plugins.pose.direct.body import BodyNetwork
from plugins.pose.direct.detector import PersonDetector
from plugins.pose.direct.hand import HandNetwork
from plugins.pose.direct.hand_regions import HandPlacer
from plugins.pose.direct.runtimes import Load


@dataclass(frozen=True)
class HandNetworks:
    """What one hand needs; each side has its own, so that both can be looked at together."""

    placer: HandPlacer
    full: HandNetwork
    light: HandNetwork

    def of(self, *, light: bool) -> HandNetwork:
        """The one that looks at hands."""
        return self.light if light else self.full


@dataclass(frozen=True)
class Networks:
    """Of one pose stage.

    Attributes:
        detector: Finds people.
        body: Sees a body.
        hands: Of the left hand and of the right one.
    """

    detector: PersonDetector
    body: BodyNetwork
    hands: tuple[HandNetworks, HandNetworks]


def loaded(load: Load, min_detection_score: float) -> Networks:
    """Load all of them.

    Args:
        load: Loads one.
        min_detection_score: Smallest score of a person that is found, 0..1.

    Raises:
        ModelError: One cannot be loaded.
    """
    return Networks(
        detector=PersonDetector(load(files.PERSON_DETECTOR), min_detection_score),
        body=BodyNetwork(load(files.BODY)),
        hands=(_hand(load), _hand(load)),
    )


def _hand(load: Load) -> HandNetworks:
    return HandNetworks(
        placer=HandPlacer(load(files.HAND_PLACER)),
        full=HandNetwork(load(files.HAND)),
        light=HandNetwork(load(files.LIGHT_HAND)),
    )
