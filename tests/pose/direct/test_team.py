"""Work that is shared between the calling thread and a helper."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

import pytest

from plugins.pose.direct.team import Job, Team

WAIT_S = 5.0


@pytest.fixture
def pair() -> Iterator[Team]:
    made = Team(helper=True)
    yield made
    made.close()


class Held:
    """Work that goes on until it is let go."""

    def __init__(self) -> None:
        self.begun, self.gate, self.done = (threading.Event() for _ in range(3))

    def __call__(self) -> str:
        self.begun.set()
        assert self.gate.wait(WAIT_S)
        self.done.set()
        return "held"


@pytest.fixture
def held(pair: Team) -> Iterator[tuple[Held, Job[str]]]:
    """What the helper is busy with."""
    work = Held()
    job = pair.offer(work)
    assert work.begun.wait(WAIT_S)
    yield work, job
    work.gate.set()


def fails() -> str:
    raise ValueError("scripted failure")


@pytest.mark.parametrize("helper", [True, False])
def test_two_works_are_done_together_and_a_failure_leaves_neither_going(helper: bool) -> None:
    team = Team(helper=helper)
    assert team.together(lambda: 1, lambda: 2) == (1, 2)
    for mine, theirs in ((fails, lambda: "done"), (lambda: "done", fails)):
        with pytest.raises(ValueError, match="scripted failure"):
            team.together(mine, theirs)
    assert team.offer(lambda: 8).result() == 8
    team.close()


@pytest.mark.parametrize("helper", [True, False])
def test_a_job_gives_what_its_work_gives(helper: bool) -> None:
    team = Team(helper=helper)
    assert team.offer(lambda: 7).result() == 7
    job = team.offer(fails)
    with pytest.raises(ValueError, match="scripted failure"):
        job.result()
    team.offer(fails).drop()
    assert team.offer(lambda: 8).result() == 8
    team.close()


def test_alone_everything_is_done_here_and_only_when_it_is_wanted() -> None:
    team, done = Team(helper=False), []
    wanted, dropped = (
        team.offer(partial(lambda name: done.append((name, threading.get_ident())), name))
        for name in ("wanted", "dropped")
    )
    assert done == []
    dropped.drop()
    wanted.result()
    assert done == [("wanted", threading.get_ident())]
    team.close()


def test_both_work_at_the_same_time(pair: Team) -> None:
    meeting = threading.Barrier(2)
    job = pair.offer(lambda: meeting.wait(WAIT_S))
    meeting.wait(WAIT_S)
    job.result()


def test_a_job_that_was_not_begun_is_done_here_and_once(
    pair: Team, held: tuple[Held, Job[str]]
) -> None:
    threads: list[int] = []
    job = pair.offer(lambda: threads.append(threading.get_ident()))
    job.result()
    held[0].gate.set()
    held[1].result()
    pair.offer(lambda: None).result()  # after it everything offered before has been passed
    assert threads == [threading.get_ident()]


def test_a_job_that_was_begun_is_waited_for(held: tuple[Held, Job[str]]) -> None:
    work, job = held
    threading.Timer(0.05, work.gate.set).start()
    assert job.result() == "held"


def test_drop_waits_until_nobody_works_on_it(held: tuple[Held, Job[str]]) -> None:
    work, job = held
    threading.Timer(0.05, work.gate.set).start()
    job.drop()
    assert work.done.is_set()


def test_a_dropped_job_that_was_not_begun_is_never_done(
    pair: Team, held: tuple[Held, Job[str]]
) -> None:
    done: list[bool] = []
    pair.offer(lambda: done.append(True)).drop()
    held[0].gate.set()
    pair.offer(lambda: None).result()
    assert done == []


def test_a_job_may_be_dropped_after_its_result_was_taken(pair: Team) -> None:
    for work in (lambda: 7, fails):
        job: Job[object] = pair.offer(work)
        with suppress(ValueError):
            job.result()
        job.drop()


@pytest.mark.parametrize("worked", [True, False])
def test_close_ends_the_thread_and_may_be_called_again(worked: bool) -> None:
    before = set(threading.enumerate())
    team = Team(helper=True)
    if worked:
        meeting = threading.Barrier(2)
        job = team.offer(lambda: meeting.wait(WAIT_S))
        meeting.wait(WAIT_S)
        job.result()
        assert len(set(threading.enumerate()) - before) == 1
    team.close()
    team.close()
    assert set(threading.enumerate()) <= before
