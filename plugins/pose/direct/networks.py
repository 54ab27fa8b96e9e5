"""Everything that looks at pictures, loaded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from plugins.pose.direct import network_files as files
from plugins.pose.direct.body import BodyNetwork
from plugins.pose.direct.detector import PersonDetector
from plugins.pose.direct.face import FaceNetwork
from plugins.pose.direct.hand import HandNetwork
from plugins.pose.direct.hand_regions import HandPlacer
from plugins.pose.direct.network_files import NetworkFile
from plugins.pose.direct.palm_detector import PalmDetector
from plugins.pose.direct.runtime import Network
from plugins.pose.direct.runtimes import Load


@dataclass(frozen=True)
class HandSide:
    """What one side needs; each has its own, so that both can be looked at together."""

    placer: HandPlacer
    palms: PalmDetector
    hand: HandNetwork


@dataclass(frozen=True)
class Networks:
    """Of one pose stage.

    Attributes:
        detector: Finds people.
        body: Sees a body, with one thread.
        wide_body: The same with all threads.
        hands: Of the left hand and of the right one, with a thread each.
        wide_hand: Of either, with all threads.
        face: Sees a face, with all threads; None if faces are not wanted.
    """

    detector: PersonDetector
    body: BodyNetwork
    wide_body: BodyNetwork
    hands: tuple[HandSide, HandSide]
    wide_hand: HandNetwork
    face: FaceNetwork | None = None


def loaded(load: Load, threads: int, min_detection_score: float, *, face: bool = False) -> Networks:
    """Load all of them, and run each once, as the first run is the slowest.

    Args:
        load: Loads one.
        threads: That look at a picture.
        min_detection_score: Smallest score of a person that is found, 0..1.
        face: Whether faces are wanted.

    Raises:
        ModelError: One cannot be loaded.
    """
    load = partial(_warmed, load)
    (detector,) = load(files.PERSON_DETECTOR, 1, threads)
    (body,) = load(files.BODY, 1, 1)
    sides = zip(
        load(files.HAND_PLACER, 2, 1),
        load(files.PALM_DETECTOR, 2, 1),
        load(files.HAND, 2, 1),
        strict=True,
    )
    left, right = (
        HandSide(HandPlacer(placer), PalmDetector(palms), HandNetwork(hand))
        for placer, palms, hand in sides
    )
    narrow = Networks(
        PersonDetector(detector, min_detection_score),
        BodyNetwork(body),
        BodyNetwork(body),
        (left, right),
        right.hand,
        FaceNetwork(load(files.FACE, 1, threads)[0]) if face else None,
    )
    return narrow if threads == 1 else _widened(narrow, load, threads)


def _warmed(load: Load, network: NetworkFile, count: int, threads: int) -> Sequence[Network]:
    made = load(network, count, threads)
    for one in made:
        one.run()
    return made


def _widened(narrow: Networks, load: Load, threads: int) -> Networks:
    (body,), (hand,) = (load(file, 1, threads) for file in (files.BODY, files.HAND))
    return replace(narrow, wide_body=BodyNetwork(body), wide_hand=HandNetwork(hand))
