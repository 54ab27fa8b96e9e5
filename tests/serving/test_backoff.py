from engine.clock import NS_PER_S
from engine.serving.backoff import RetryBackoff


def test_waits_double_up_to_the_longest() -> None:
    backoff = RetryBackoff()
    waits = [backoff.failed(0) for _ in range(8)]
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


def test_a_healthy_minute_lets_them_begin_anew() -> None:
    backoff = RetryBackoff()
    for _ in range(3):
        backoff.failed(0)
    backoff.served(10 * NS_PER_S)
    assert backoff.failed(70 * NS_PER_S) == 1.0


def test_less_than_a_minute_does_not() -> None:
    backoff = RetryBackoff()
    for _ in range(3):
        backoff.failed(0)
    backoff.served(10 * NS_PER_S)
    assert backoff.failed(69 * NS_PER_S) == 8.0
    assert backoff.failed(1000 * NS_PER_S) == 16.0  # it has not served since
