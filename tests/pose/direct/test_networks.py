"""Everything that looks at pictures, loaded."""

from collections import Counter

import pytest

from plugins.pose.direct import network_files as files
from plugins.pose.direct.network_files import NetworkFile
from plugins.pose.direct.networks import loaded
from tests.pose.direct.scripted import (
    PLACED,
    ScriptedNetwork,
    body_outputs,
    detector_outputs,
    face_outputs,
    hand_outputs,
    palm_outputs,
)

OUTPUTS = {
    files.PERSON_DETECTOR: detector_outputs(),
    files.BODY: body_outputs(),
    files.HAND_PLACER: (PLACED,),
    files.PALM_DETECTOR: palm_outputs(),
    files.HAND: hand_outputs(),
    files.FACE: face_outputs(),
}


class Loads:
    """Loads scripted networks and remembers them."""

    def __init__(self) -> None:
        self.asked: Counter[tuple[str, int, int]] = Counter()
        self.made: list[ScriptedNetwork] = []

    def __call__(self, network: NetworkFile, count: int, threads: int) -> list[ScriptedNetwork]:
        self.asked[network.name, count, threads] += 1
        made = [ScriptedNetwork(network.side_px, *OUTPUTS[network]) for _ in range(count)]
        self.made += made
        return made


NARROW = Counter(
    {
        ("body", 1, 1): 1,
        ("hand", 2, 1): 1,
        ("hand placer", 2, 1): 1,
        ("palm detector", 2, 1): 1,
    }
)
WIDE = Counter({("body", 1, 2): 1, ("hand", 1, 2): 1})


@pytest.mark.parametrize(("threads", "more"), [(1, Counter()), (2, WIDE)])
def test_each_network_is_loaded_once_and_for_all_threads_besides(
    threads: int, more: "Counter[tuple[str, int, int]]"
) -> None:
    load = Loads()
    loaded(load, threads, 0.5)
    assert load.asked == NARROW + more + Counter({("person detector", 1, threads): 1})


@pytest.mark.parametrize("threads", [1, 2])
def test_what_may_run_at_the_same_time_shares_no_network(threads: int) -> None:
    networks = loaded(Loads(), threads, 0.5)
    left, right = networks.hands
    assert left.placer is not right.placer
    assert left.palms is not right.palms
    assert left.hand is not right.hand


@pytest.mark.parametrize("threads", [1, 2])
def test_each_has_run_once_so_that_the_first_picture_is_not_slow(threads: int) -> None:
    load = Loads()
    loaded(load, threads, 0.5)
    assert [network.runs for network in load.made] == [1] * len(load.made)


@pytest.mark.parametrize("threads", [1, 2])
def test_the_face_network_is_loaded_where_it_is_wanted_only(threads: int) -> None:
    without, with_it = Loads(), Loads()
    assert loaded(without, threads, 0.5).face is None
    assert loaded(with_it, threads, 0.5, face=True).face is not None
    assert with_it.asked - without.asked == Counter({("face", 1, threads): 1})
    assert all(network.runs == 1 for network in with_it.made)
