import numpy as np
import pytest

from engine.config import Config, StreamConfig
from engine.core.batch import LoneStream, StepBatch, StreamGroup
from engine.core.stream import Decision, StreamCore
from engine.errors import ModelError
from engine.messages import GestureEvent
from engine.poses import F32, Bools, PoseSample
from plugins.recognizers.graph.recognizer import GraphConfig, GraphRecognizer
from tests.fakes.models import RaisedHandModel
from tests.fakes.running import run_graph
from tests.fakes.samples import nobody, upright

HAND = {"left_wrist": (0.45, 0.35)}


def core(model: RaisedHandModel | GraphRecognizer, row: int) -> StreamCore:
    return StreamCore(Config(stream=StreamConfig(name=f"s{row}")), model, row=row)


def story(row: int) -> list[PoseSample]:
    """Each at its own rate and with its own gaps."""
    fps = 12 + 5 * row
    there = [upright(i / fps, HAND if i // fps % 2 else None) for i in range(4 * fps)]
    gap = [nobody(4 + i / fps) for i in range(2 * fps)]
    return [*there, *gap, *(upright(6 + i / fps, HAND) for i in range(fps))]


def together(batch: StepBatch, cores: list[StreamCore]) -> dict[int, list[Decision]]:
    """All stories at once, each as fast as the batch takes it."""
    left = {one.row: iter(story(one.row)) for one in cores}
    given: dict[int, list[Decision]] = {one.row: [] for one in cores}
    while left or batch.busy:
        for one in cores:
            while one.row in left and one.row not in batch.busy:
                sample = next(left[one.row], None)
                if sample is None:
                    del left[one.row]
                    break
                given[one.row] += batch.begin(one, sample) or []
        if batch.busy:
            for row, decisions in batch.step().items():
                given[row] += decisions
    for one in cores:
        given[one.row] += one.finish()
    return given


def alone(one: LoneStream, samples: list[PoseSample]) -> list[Decision]:
    return [d for sample in samples for d in one.step(sample)] + one.finish()


def test_streams_in_a_batch_decide_what_each_would_alone() -> None:
    model = GraphRecognizer(GraphConfig(), None, run_graph)
    batch = StepBatch(model, 5)
    given = together(batch, [core(model, row) for row in range(5)])
    for row in range(5):
        single = GraphRecognizer(GraphConfig(), None, run_graph)
        config = Config(stream=StreamConfig(name=f"s{row}"))
        expected = alone(LoneStream(StreamCore(config, single), single), story(row))
        assert [d.kind for d in given[row]] == [d.kind for d in expected]
        for one, other in zip(given[row], expected, strict=True):
            assert (one.epoch, one.capture_ns) == (other.epoch, other.capture_ns)
            if isinstance(one.body, GestureEvent) and isinstance(other.body, GestureEvent):
                assert (one.body.id, one.body.state) == (other.body.id, other.body.state)
                assert one.body.score == pytest.approx(other.body.score, abs=1e-4)


def test_a_stream_that_catches_up_does_not_hold_the_others() -> None:
    model = RaisedHandModel()
    batch = StepBatch(model, 2)
    slow, quick = core(model, 0), core(model, 1)
    for one in (slow, quick):
        batch.begin(one, upright(0))
    batch.step()
    assert batch.begin(slow, upright(0.28)) is None  # seven ticks
    finished = 0
    for i in range(1, 4):
        assert batch.begin(quick, upright(i / 25)) is None
        finished += 1 in batch.step()
    assert finished == 3
    assert batch.busy == {0}


def test_a_stream_that_is_added_begins_without_a_past() -> None:
    model = GraphRecognizer(GraphConfig(), None, run_graph)
    batch = StepBatch(model)
    first = core(model, 0)
    for sample in story(0)[:30]:
        batch.begin(first, sample)
        while batch.busy:
            batch.step()
    given = together(batch, [core(model, 3)])
    expected = together(StepBatch(other := GraphRecognizer(GraphConfig(), None, run_graph), 4),
                        [core(other, 3)])  # fmt: skip
    assert [d.kind for d in given[3]] == [d.kind for d in expected[3]]


def test_a_group_decides_on_samples_that_come_together_what_each_would_alone() -> None:
    stories = {0: [upright(i / 25) for i in range(50)], 2: [nobody(i / 25) for i in range(50)]}
    stories[1] = [upright(i / 25, HAND if 10 <= i < 40 else None) for i in range(50)]
    model = RaisedHandModel()
    group = StreamGroup([core(model, row) for row in range(3)], model, 3)
    given: list[list[Decision]] = [[], [], []]
    for samples in zip(*(stories[row] for row in range(3)), strict=True):
        for mine, decisions in zip(given, group.step(samples), strict=True):
            mine += decisions
    for mine, decisions in zip(given, group.finish(), strict=True):
        mine += decisions
    for row in range(3):
        single = RaisedHandModel()
        config = Config(stream=StreamConfig(name=f"s{row}"))
        expected = alone(LoneStream(StreamCore(config, single), single), stories[row])
        assert given[row] == expected
    assert [bool(mine) for mine in given] == [True] * 3


class OneShort(RaisedHandModel):
    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        return np.zeros((len(x) - 1, 1), np.float32)


def test_scores_of_too_few_streams_stop_the_run() -> None:
    model = OneShort()
    batch = StepBatch(model, 2)
    batch.begin(core(model, 0), upright(0))
    with pytest.raises(ModelError, match=r"scores of shape \(1, 1\), expected \(2, 1\)"):
        batch.step()
    batch.forget()
    assert not batch.busy
