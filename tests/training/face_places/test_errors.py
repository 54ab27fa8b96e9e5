"""What is measured of errors is what was put in, and simulated outlines err as measured."""

import numpy as np
import pytest
from msgspec.structs import replace

from engine.errors import UsageError
from engine.poses import F32
from tests.training.face_places.faces import FITTED, FRAMES, clip
from training.face_places.errors import stillness, under_hands, without_hands
from training.face_places.nods import nods
from training.face_places.noise import OutlineNoise, Sizes, with_errors
from training.simulator.landmarks.truth import ContactInterval

HAND = {"made": (ContactInterval(1.5, 2.5, "yes"),)}
QUIET = Sizes(shift=0.0, scale=0.0, turn=0.0, point=0.0)
NONE = OutlineNoise(
    together=0.0, point=0.0, jitter_tau_s=0.05, windows=0, free=QUIET, hand=QUIET, kept=0.0
)


def test_jitter_of_a_still_head_is_measured() -> None:
    rng = np.random.default_rng(0)
    errors = 0.004 * rng.standard_normal((FRAMES, 22, 2))
    errors += 0.003 * rng.standard_normal((FRAMES, 1, 2))
    found = stillness([clip(errors=errors)])
    # A line through 15 frames takes two fifteenths of the variance with it.
    kept = np.sqrt(13 / 15)
    assert found.windows == FRAMES // 15
    assert found.point == pytest.approx(0.004 * kept, rel=0.1)
    assert found.together == pytest.approx(0.003 * kept, rel=0.25)
    assert found.tau_s < 0.02


def test_what_lasts_is_told_from_what_flickers() -> None:
    slow = np.random.default_rng(0).standard_normal((FRAMES // 3, 22, 2)).repeat(3, axis=0)
    quick = np.random.default_rng(0).standard_normal((FRAMES, 22, 2))
    taus = [stillness([clip(errors=0.003 * e)]).tau_s for e in (quick, slow)]
    assert taus[1] > 2 * taus[0]


def test_a_head_that_moves_is_no_still_one() -> None:
    drift = np.linspace(0, 2, FRAMES)[:, None, None] * np.ones((1, 22, 2))
    with pytest.raises(UsageError, match="no head is still"):
        stillness([clip(errors=drift)])


def test_an_outline_that_a_hand_pushes_away_is_measured_and_only_there() -> None:
    errors = np.zeros((FRAMES, 22, 2))
    errors[45:76] += 0.08
    (found,) = under_hands([clip(errors=errors)], HAND)
    assert found.shift == pytest.approx(0.08, rel=0.05)
    assert max(found.scale, found.turn, found.point) < 0.002
    assert not without_hands([clip(errors=errors)], HAND)
    calm = without_hands([clip()], {})
    assert calm
    assert max(one.shift for one in calm) < 1e-6


def test_one_place_that_a_hand_pushes_away_is_not_the_whole_outline() -> None:
    errors = np.zeros((FRAMES, 22, 2))
    errors[45:76, 7, 1] += 0.3
    (found,) = under_hands([clip(errors=errors)], HAND)
    assert found.point > 2 * found.shift


def test_how_much_of_a_nod_the_body_shows_is_measured() -> None:
    nod = 0.25 * np.sin(np.linspace(0, 12, FRAMES))
    (third,) = nods([clip(nod=nod, body_nod=nod / 3)])
    (whole,) = nods([clip(nod=nod)])
    assert third.body_part == pytest.approx(1 / 3, abs=0.05)
    assert whole.body_part == pytest.approx(1.0, abs=0.1)
    assert not nods([clip(nod=0.1 * nod)])


def noisy(noise: OutlineNoise, strength: float = 1.0, touching: bool = False) -> F32:
    rng = np.random.default_rng(4)
    outline = rng.random((40, 200, 22, 2)).astype(np.float32)
    ear = np.full((40, 200), 0.25, np.float32)
    at_head = np.full((40, 200), touching)
    dt_s = np.full((40, 200), 0.04, np.float32)
    dt_s[:, 0] = 3600.0
    seen = with_errors(outline, ear, at_head, dt_s, noise, strength, np.random.default_rng(9))
    return (seen - outline) / 0.25


def test_no_errors_change_nothing() -> None:
    assert np.abs(noisy(NONE)).max() < 1e-5


def test_errors_have_the_size_that_was_measured() -> None:
    kept = noisy(replace(NONE, kept=0.02))
    assert kept.std() == pytest.approx(0.02, rel=0.05)
    np.testing.assert_allclose(kept.std(axis=1), 0.0, atol=1e-5)
    # Sequences differ by a factor with this mean square.
    spread = np.exp(0.6**2)
    shift = noisy(replace(NONE, free=replace(QUIET, shift=0.03)))
    assert np.sqrt((shift**2).mean()) == pytest.approx(0.03 * spread, rel=0.3)
    assert np.ptp(shift, axis=2).max() < 1e-5


def test_a_hand_brings_its_own_errors() -> None:
    noise = replace(NONE, hand=replace(QUIET, point=0.05))
    assert np.abs(noisy(noise)).max() < 1e-5
    assert noisy(noise, touching=True).std() > 0.03


def test_strength_scales_the_very_same_errors() -> None:
    noise = replace(FITTED.train, free=replace(FITTED.train.free, scale=0.0, turn=0.0))
    np.testing.assert_allclose(noisy(noise, 2.0), 2 * noisy(noise), atol=1e-4)


def test_a_hand_is_never_said_to_help() -> None:
    for noise in (FITTED.train, FITTED.test):
        for name in ("shift", "scale", "turn", "point"):
            assert getattr(noise.hand, name) >= getattr(noise.free, name) > 0
