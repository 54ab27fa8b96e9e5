"""A detector from a few examples, and what it promises."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from engine.errors import UsageError
from engine.poses import F32
from training.fit_files import read_fit, write_fit
from training.zoo.ball import Ball, ball_of, shrunk_covariance
from training.zoo.teach import Taught, conformal_threshold, detector, directions

SIZE = 12


class World:
    """Background of a skewed distribution, and a gesture that lies in one direction of it."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        rng = np.random.default_rng(5)
        self._mix = rng.standard_normal((SIZE, SIZE))
        self._gesture = 6.0 * rng.standard_normal(SIZE)

    def background(self, count: int) -> F32:
        return (self._rng.exponential(1.0, (count, SIZE)) @ self._mix).astype(np.float32)

    def examples(self, count: int) -> F32:
        return self.background(count) + self._gesture.astype(np.float32)


@dataclass(frozen=True)
class Found:
    """A detector of vectors."""

    ball: Ball
    taught: Taught

    def finds(self, vectors: F32) -> npt.NDArray[np.bool_]:
        return self.taught.finds(self.ball.of(vectors))


def teach(examples: F32, background: F32, held_out: F32, *, false_alarm_rate: float) -> Found:
    ball = ball_of(background, examples)
    ways = directions(examples, ball)
    scores = ball.of(held_out) @ ways.T
    made = detector(ball.of(examples), ways, scores, false_alarm_rate=false_alarm_rate)
    return Found(ball, made)


def found(seed: int, rate: float, held_out: int = 99, examples: int = 5) -> tuple[Found, World]:
    world = World(seed)
    made = teach(
        world.examples(examples), world.background(60), world.background(held_out),
        false_alarm_rate=rate,
    )  # fmt: skip
    return made, world


@pytest.mark.parametrize(("rate", "held_out"), [(0.1, 99), (0.05, 59), (0.02, 49)])
def test_the_false_alarm_rate_holds_over_many_teachings(rate: float, held_out: int) -> None:
    alarms = []
    for seed in range(150):
        made, world = found(seed, rate, held_out)
        alarms.append(made.finds(world.background(400)).mean())
    # One detector's rate follows a Beta distribution; the mean of 150 is known to a few percent.
    k = round((held_out + 1) * rate)
    spread = np.sqrt(k * (held_out + 1 - k) / ((held_out + 1) ** 2 * (held_out + 2)) / 150)
    assert np.mean(alarms) == pytest.approx(rate, abs=4 * spread)


def test_background_that_made_the_direction_would_not_hold_it() -> None:
    alarms = []
    for seed in range(60):
        world = World(seed)
        seen = world.background(19)
        made = teach(world.examples(3), seen, seen, false_alarm_rate=0.1)
        alarms.append(made.finds(world.background(400)).mean())
    assert np.mean(alarms) > 0.1 + 0.02


@pytest.mark.parametrize("examples", [3, 10])
def test_the_gesture_is_found(examples: int) -> None:
    made, world = found(0, 0.02, examples=examples)
    assert made.finds(world.examples(400)).mean() > 0.9
    assert made.taught.examples == examples and made.taught.examples_found >= examples - 1


def test_examples_that_have_nothing_in_common_are_not_found_again() -> None:
    rng = np.random.default_rng(0)
    examples, background, held_out = (
        rng.standard_normal((count, 64)).astype(np.float32) for count in (4, 200, 99)
    )
    made = teach(examples, background, held_out, false_alarm_rate=0.02)
    assert made.finds(examples).all()
    assert made.taught.examples_found <= 1


def test_what_is_common_in_the_background_does_not_lead_astray() -> None:
    rng = np.random.default_rng(0)

    def background(count: int) -> F32:
        return (rng.standard_normal((count, 2)) * (10.0, 0.1)).astype(np.float32)

    examples = background(5) + np.array([0.0, 1.0], np.float32)
    made = teach(examples, background(200), background(200), false_alarm_rate=0.02)
    assert abs(made.taught.direction[1]) > 0.95
    # The plain difference of the means points at the noise of five examples and finds 2 %.
    assert made.finds(background(200) + np.array([0.0, 1.0], np.float32)).mean() > 0.8


def test_it_works_with_fewer_vectors_than_numbers() -> None:
    rng = np.random.default_rng(0)
    shift = np.zeros(64, np.float32)
    shift[3] = 8.0

    def background(count: int) -> F32:
        return rng.standard_normal((count, 64)).astype(np.float32)

    made = teach(background(3) + shift, background(20), background(49), false_alarm_rate=0.1)
    assert made.finds(background(100) + shift).mean() > 0.9


def test_shrinking_leaves_a_ball_a_ball_and_many_vectors_their_covariance() -> None:
    rng = np.random.default_rng(0)
    mix = rng.standard_normal((4, 4))
    many = (rng.standard_normal((20_000, 4)) @ mix).astype(np.float32)
    np.testing.assert_allclose(shrunk_covariance(many), np.cov(many.T), rtol=0.02, atol=0.02)
    few = rng.standard_normal((6, 30)).astype(np.float32)
    shrunk, sample = (matrix - np.eye(30) for matrix in (shrunk_covariance(few), np.cov(few.T)))
    assert np.linalg.norm(shrunk) < 0.5 * np.linalg.norm(sample)


def test_what_is_farther_out_than_the_examples_is_drawn_in_and_nothing_else() -> None:
    rng = np.random.default_rng(0)
    background = (rng.standard_normal((4000, 3)) * (10.0, 1.0, 2.0) + 5.0).astype(np.float32)
    away = np.array([[0.0, 1.0, 0.0]], np.float32)
    middle = background.mean(axis=0)
    ball = ball_of(background, middle + 4.0 * away.repeat(3, axis=0))
    np.testing.assert_allclose(np.cov(ball.whitened(background).T), np.eye(3), atol=0.1)
    lengths = [np.linalg.norm(ball.of(middle + size * away)) for size in (1.0, 2.0, 4.0, 1000.0)]
    np.testing.assert_allclose(lengths, (0.25, 0.5, 1.0, 1.0), rtol=1e-3)


def test_one_wild_second_of_background_does_not_hide_the_gesture() -> None:
    world = World(0)
    held_out = world.background(99)
    # As when somebody stands up: far out, and in a way of its own.
    held_out[:10] = 60.0 * np.random.default_rng(1).standard_normal((10, SIZE)).astype(np.float32)
    made = teach(world.examples(5), world.background(60), held_out, false_alarm_rate=0.02)
    assert made.finds(world.examples(400)).mean() > 0.9


def test_the_threshold_is_the_conformal_quantile() -> None:
    scores = np.arange(1.0, 100.0)
    np.random.default_rng(0).shuffle(scores)
    assert conformal_threshold(scores, 0.1) == 90.0
    assert conformal_threshold(scores, 0.01) == 99.0
    assert conformal_threshold(scores[:9], 0.1) == scores[:9].max()


def test_a_detector_is_written_and_read(tmp_path: Path) -> None:
    made, _ = found(1, 0.1)
    write_fit(tmp_path / "taught.json", made.taught)
    assert read_fit(tmp_path / "taught.json", Taught) == made.taught


@pytest.mark.parametrize(
    ("examples", "background", "held_out", "rate", "message"),
    [
        (2, 20, 20, 0.1, "3 or more examples"),
        (3, 1, 20, 0.1, "2 or more background"),
        (3, 20, 8, 0.1, "needs 9 held-out background vectors or more, got 8"),
        (3, 20, 20, 0.0, "between 0 and 1"),
        (3, 20, 20, 1.0, "between 0 and 1"),
    ],
)
def test_too_few_are_refused(
    examples: int, background: int, held_out: int, rate: float, message: str
) -> None:
    world = World(0)
    with pytest.raises(UsageError, match=message):
        teach(
            world.examples(examples), world.background(background), world.background(held_out),
            false_alarm_rate=rate,
        )  # fmt: skip


def test_what_does_not_fit_is_refused() -> None:
    world = World(0)
    other = world.background(20)[:, :5]
    with pytest.raises(UsageError, match=r"got \(20, 5\)"):
        teach(world.examples(3), other, other, false_alarm_rate=0.1)
    gaps = world.background(20)
    gaps[3] = np.nan
    with pytest.raises(UsageError, match="leave out gaps"):
        teach(world.examples(3), gaps, world.background(20), false_alarm_rate=0.1)
    with pytest.raises(UsageError, match="numbers in the examples"):
        teach(gaps, world.background(20), world.background(20), false_alarm_rate=0.1)
    same = np.ones((20, SIZE), np.float32)
    with pytest.raises(UsageError, match="that differ"):
        teach(world.examples(3), same, world.background(20), false_alarm_rate=0.1)
