from engine.runtime.governor.watchdog import Watchdog


def watchdog() -> Watchdog:
    return Watchdog({"pose": 1000, "recognise": 100})


def test_a_call_past_its_bound_is_told_once() -> None:
    dog = watchdog()
    call = dog.begin("pose", 0, level=2)
    assert dog.overdue(1000) == []
    assert dog.overdue(1001) == [call]
    assert dog.overdue(5000) == []
    assert (call.stage, call.start_ns, call.level) == ("pose", 0, 2)


def test_each_stage_has_its_own_bound() -> None:
    dog = watchdog()
    dog.begin("pose", 0)
    quick = dog.begin("recognise", 0)
    assert dog.overdue(500) == [quick]


def test_a_call_that_ended_in_time_is_never_told() -> None:
    dog = watchdog()
    assert dog.end(dog.begin("pose", 0))
    assert dog.overdue(10_000) == []


def test_stuck_lasts_from_telling_to_the_end_and_the_next_call_is_told_anew() -> None:
    dog = watchdog()
    call = dog.begin("pose", 0)
    assert dog.stuck() == ()
    dog.overdue(2000)
    assert dog.stuck() == ("pose",)
    assert dog.end(call)
    assert dog.stuck() == ()
    again = dog.begin("pose", 2000)
    assert dog.overdue(4000) == [again]


def test_ending_twice_does_nothing() -> None:
    dog = watchdog()
    call, other = dog.begin("pose", 0), dog.begin("pose", 0)
    assert dog.end(call)
    assert not dog.end(call)
    assert dog.overdue(2000) == [other]
