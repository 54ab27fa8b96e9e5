import numpy as np
import pytest

from engine.poses import F32
from engine.serving.engine_group import EngineGroup
from engine.serving.follower import Follower
from engine.serving.history import TickHistory
from engine.step_graph import StepGraph
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL
from tests.serving.graphs import FIELD, noise, small_graph

GRAPH = small_graph()
ALL = np.ones(3, np.bool_)


def group_of(graph: StepGraph, streams: int) -> EngineGroup:
    group = EngineGroup(OnnxRuntimeBackend(OnnxRuntimeConfig()), graph)
    group.reserve(streams)
    return group


def history_of(graph: StepGraph, streams: int) -> TickHistory:
    history = TickHistory(graph.receptive_field, graph.row)
    history.reserve(streams)
    return history


def catch_up(follower: Follower) -> int:
    """Bring it up to the present; how many rounds that took."""
    rounds = 0
    while follower.missing():
        follower.catch_up(*follower.read_missing())
        rounds += 1
    return rounds


def outputs_of(group: EngineGroup, x: F32) -> F32:
    active = np.ones(len(x), np.bool_)
    return np.concatenate([output.copy() for output in group.step(x, active)], axis=1)


@pytest.mark.parametrize("streams", [1, 9])
def test_what_is_replayed_leaves_the_memory_of_what_was_stepped(streams: int) -> None:
    """With the shipped model, after more ticks than it can remember."""
    graph = read_model(SHIPPED_MODEL).graph
    rng = np.random.default_rng(5)
    x = rng.normal(0, 0.5, (graph.receptive_field + 40, streams, *graph.row)).astype(np.float32)
    stepped, replayed = group_of(graph, streams), group_of(graph, streams)
    history = history_of(graph, streams)
    for tick in x[:-3]:
        stepped.step(tick, np.ones(streams, np.bool_))
        history.add(tick, np.ones(streams, np.bool_))
    assert catch_up(Follower(replayed, history, graph)) == graph.receptive_field
    for tick in x[-3:]:
        np.testing.assert_allclose(outputs_of(replayed, tick), outputs_of(stepped, tick), atol=1e-4)


def test_rows_that_idle_or_were_reset_rebuild_only_what_they_have_seen() -> None:
    stepped, replayed = group_of(GRAPH, 3), group_of(GRAPH, 3)
    history = history_of(GRAPH, 3)
    x, rng = noise(60, 3), np.random.default_rng(2)
    for number, tick in enumerate(x[:-1]):
        active = rng.random(3) < 0.6
        if number == 55:
            stepped.reset(1)
            history.reset(1)
        stepped.step(tick, active)
        history.add(tick, active)
    follower = Follower(replayed, history, GRAPH)
    assert follower.missing(np.array([False, True, False])) <= 4
    assert catch_up(follower) == FIELD
    np.testing.assert_allclose(outputs_of(replayed, x[-1]), outputs_of(stepped, x[-1]), atol=1e-6)


def test_a_follower_goes_on_from_where_it_was() -> None:
    stepped, following = group_of(GRAPH, 3), group_of(GRAPH, 3)
    history = history_of(GRAPH, 3)
    follower, x = Follower(following, history, GRAPH), noise(100, 3)
    for number, tick in enumerate(x[:-1]):
        stepped.step(tick, ALL)
        if number in (20, 25):  # takes a tick now and then, like whoever serves
            catch_up(follower)
            follower.step(tick, ALL)
        history.add(tick, ALL)
        if number == 40:
            assert catch_up(follower) == FIELD  # 15 behind: the ring has no more than 12
        if number == 44:
            assert catch_up(follower) == 4
        if number == 46:
            history.reset(2)
            stepped.reset(2)
    catch_up(follower)
    np.testing.assert_allclose(outputs_of(following, x[-1]), outputs_of(stepped, x[-1]), atol=1e-6)


def test_a_reset_between_reading_and_running_a_tick_is_not_lost() -> None:
    """The supervisor runs what it has read while the thread that steps goes on."""
    following, history = group_of(GRAPH, 1), history_of(GRAPH, 1)
    follower, x, on = Follower(following, history, GRAPH), noise(6, 1), np.ones(1, np.bool_)
    for tick in x[:3]:
        history.add(tick, on)
    follower.catch_up(*follower.read_missing())
    follower.catch_up(*follower.read_missing())
    last = follower.read_missing()
    history.reset(0)
    history.add(x[3], on)
    follower.catch_up(*last)
    catch_up(follower)
    fresh = group_of(GRAPH, 1)
    fresh.step(x[3], on)
    np.testing.assert_array_equal(outputs_of(following, x[4]), outputs_of(fresh, x[4]))


def test_new_rows_do_not_touch_the_others() -> None:
    history = history_of(GRAPH, 1)
    x = noise(30, 4)
    for tick in x[:20]:
        history.add(tick[:1], np.ones(1, np.bool_))
    history.reserve(4)
    for tick in x[20:29]:
        history.add(tick, np.ones(4, np.bool_))
    replayed, stepped = group_of(GRAPH, 4), group_of(GRAPH, 4)
    assert catch_up(Follower(replayed, history, GRAPH)) == FIELD
    for number, tick in enumerate(x[:29]):
        stepped.step(tick, np.array([True, *[number >= 20] * 3]))
    np.testing.assert_allclose(outputs_of(replayed, x[29]), outputs_of(stepped, x[29]), atol=1e-6)


def test_rows_beyond_the_room_are_somebody_elses() -> None:
    history = history_of(GRAPH, 3)
    for tick in noise(5, 3):
        history.add(tick, ALL)
    follower = Follower(group_of(GRAPH, 1), history, GRAPH)
    assert follower.rows == 1
    assert catch_up(follower) == 5


def test_a_tick_that_never_made_it_into_the_history_is_taken_back() -> None:
    """The engine had it, but somebody beside it failed, so it does not count."""
    following, stepped = group_of(GRAPH, 3), group_of(GRAPH, 3)
    history = history_of(GRAPH, 3)
    follower, x = Follower(following, history, GRAPH), noise(30, 3)
    for tick in x[:20]:
        follower.step(tick, ALL)
        stepped.step(tick, ALL)
        history.add(tick, ALL)
    follower.step(x[25], ALL)
    assert follower.missing() == FIELD
    catch_up(follower)
    np.testing.assert_allclose(outputs_of(following, x[20]), outputs_of(stepped, x[20]), atol=1e-6)
