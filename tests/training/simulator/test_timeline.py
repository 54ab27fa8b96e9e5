"""Timelines are in order, exact and repeatable."""

import itertools

import numpy as np
import pytest

from training.simulator.scene import script_weights
from training.simulator.scripts import BY_NAME, SCRIPTS
from training.simulator.timeline import Director, Timeline

_ALL = script_weights(hard_negatives=True)


def directed(seed: int, seconds: float = 60.0) -> Timeline:
    return Director(np.random.default_rng(seed), _ALL, 0.6).direct(seconds)


@pytest.mark.parametrize("seed", range(5))
def test_a_hand_is_at_one_place_at_a_time(seed: int) -> None:
    for holds in directed(seed).holds:
        for hold, then in itertools.pairwise(holds):
            assert hold.arrive_s <= hold.leave_s < then.arrive_s


@pytest.mark.parametrize("seed", range(5))
def test_acts_follow_one_another(seed: int) -> None:
    acts = directed(seed).acts
    assert len(acts) > 5
    for act, then in itertools.pairwise(acts):
        assert act.start_s < act.end_s
        assert act.start_s < then.start_s


def test_the_same_seed_does_the_same() -> None:
    one, two, other = directed(3), directed(3), directed(4)
    assert one.acts == two.acts
    assert one.moves == two.moves
    assert one.acts != other.acts


def test_a_touch_is_labelled_from_contact_to_leaving() -> None:
    director = Director(np.random.default_rng(0), _ALL, 1.0)
    script = BY_NAME["touch_jaw"]
    director.perform(SCRIPTS.index(script), script.variants[0], 1.0)
    (act,) = director.line.acts
    (hand,) = act.hands
    rest, there, back = director.line.holds[hand]
    assert rest.leave_s == 1.0
    reach_s = there.arrive_s - 1.0
    assert there.arrive_s - 0.1 * reach_s < act.start_s < there.arrive_s
    assert there.leave_s < act.end_s < back.arrive_s


def test_without_hard_negatives_people_only_rest_between_gestures() -> None:
    weights = script_weights(hard_negatives=False)
    acts = Director(np.random.default_rng(0), weights, 0.5).direct(200.0).acts
    assert {SCRIPTS[act.script].label_id for act in acts} >= {8, 31, 99}
    assert all(SCRIPTS[act.script].label_id is not None for act in acts)
