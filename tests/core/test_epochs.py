from engine.core.epochs import EpochGuard


def test_first_epoch_is_zero_whatever_the_source_says() -> None:
    assert EpochGuard().step(7, 100) == 0


def test_follows_the_source() -> None:
    guard = EpochGuard()
    assert [guard.step(e, t) for e, t in ((3, 1), (3, 2), (4, 3), (4, 4), (9, 5))] == [
        0,
        0,
        1,
        1,
        2,
    ]


def test_repeated_and_backward_time_start_new_epochs() -> None:
    guard = EpochGuard()
    assert [guard.step(0, t) for t in (10, 20, 20, 5, 6)] == [0, 0, 1, 2, 2]


def test_new_source_epoch_may_begin_earlier() -> None:
    guard = EpochGuard()
    guard.step(0, 1000)
    assert guard.step(1, 10) == 1
