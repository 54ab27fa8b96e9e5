"""Who is believed to be there, over time; all times are capture times."""

import pytest

from engine.poses import IMPLAUSIBLE, NO_PERSON, PERSON_LOST, UNCONFIRMED
from plugins.pose.person_gate import PersonGate
from plugins.pose.plausibility import Figure, PlausibilityConfig, measure
from tests.pose.figures import HEIGHT_PX, WIDTH_PX, body


def figure(
    score: float = 0.99,
    shoulders_px: float = 150.0,
    tilt_deg: float = 0.0,
    centre_px: tuple[float, float] = (320.0, 300.0),
) -> Figure:
    points = body(shoulders_px=shoulders_px, tilt_deg=tilt_deg, centre_px=centre_px)
    return measure(points, score, WIDTH_PX, HEIGHT_PX)


PERSON = figure()
GHOST = figure(shoulders_px=25.0)


def run(
    gate: PersonGate, start_s: float, end_s: float, fps: float, seen: Figure | None
) -> list[str]:
    """Reasons for one thing seen from `start_s` up to but not including `end_s`."""
    count = round((end_s - start_s) * fps)
    return [gate.step(round((start_s + i / fps) * 1e9), seen) for i in range(count)]


@pytest.fixture
def gate() -> PersonGate:
    return PersonGate(PlausibilityConfig())


@pytest.fixture
def accepted(gate: PersonGate) -> PersonGate:
    """A gate that has followed a person up to t = 1 s."""
    assert run(gate, 0.0, 1.0, 25, PERSON)[-1] == ""
    return gate


@pytest.mark.parametrize(("fps", "held_back"), [(60, 6), (30, 3), (10, 1), (5, 1)])
def test_probation_lasts_in_seconds_whatever_the_rate(
    gate: PersonGate, fps: int, held_back: int
) -> None:
    reasons = run(gate, 0.0, 1.0, fps, PERSON)
    assert reasons == [UNCONFIRMED] * held_back + [""] * (fps - held_back)


def test_without_probation_the_first_frame_counts() -> None:
    gate = PersonGate(PlausibilityConfig(accept_after_s=0.0))
    assert run(gate, 0.0, 0.2, 25, PERSON) == [""] * 5


def test_nobody_is_nobody(gate: PersonGate) -> None:
    assert set(run(gate, 0.0, 2.0, 25, None)) == {NO_PERSON}


def test_a_ghost_never_enters(gate: PersonGate) -> None:
    assert set(run(gate, 0.0, 10.0, 25, GHOST)) == {IMPLAUSIBLE}


def test_flicker_never_passes_probation(gate: PersonGate) -> None:
    reasons = [gate.step(i * 40_000_000, None if i % 3 == 2 else PERSON) for i in range(300)]
    assert "" not in reasons


def test_a_figure_that_jumps_about_never_passes_probation(gate: PersonGate) -> None:
    left, right = figure(centre_px=(120.0, 300.0)), figure(centre_px=(520.0, 300.0))
    reasons = [gate.step(i * 40_000_000, (left, right)[i % 2]) for i in range(300)]
    assert set(reasons) == {UNCONFIRMED}


def test_a_lost_person_is_lost_for_a_second_then_nobody(accepted: PersonGate) -> None:
    reasons = run(accepted, 1.0, 3.0, 25, None)
    assert set(reasons[:23]) == {PERSON_LOST}
    assert set(reasons[26:]) == {NO_PERSON}


def test_a_short_absence_needs_no_new_probation(accepted: PersonGate) -> None:
    run(accepted, 1.0, 1.4, 25, None)
    assert accepted.step(1_400_000_000, PERSON) == ""


def test_a_long_absence_does(accepted: PersonGate) -> None:
    run(accepted, 1.0, 3.0, 25, None)
    assert accepted.step(3_000_000_000, PERSON) == UNCONFIRMED


def test_who_comes_back_elsewhere_must_pass_anew(accepted: PersonGate) -> None:
    accepted.step(1_000_000_000, None)
    elsewhere = figure(centre_px=(80.0, 300.0), shoulders_px=70.0)
    assert run(accepted, 1.04, 1.4, 25, elsewhere)[:3] == [UNCONFIRMED] * 3


def test_a_ghost_in_the_next_frame_is_not_taken_for_the_person(accepted: PersonGate) -> None:
    assert set(run(accepted, 1.0, 3.0, 25, GHOST)) == {IMPLAUSIBLE}


def test_a_person_may_bow(accepted: PersonGate) -> None:
    bowed = figure(tilt_deg=100.0, score=0.6)
    assert set(run(accepted, 1.0, 11.0, 25, bowed)) == {""}


def test_who_looks_wrong_for_long_is_lost_and_must_pass_anew(accepted: PersonGate) -> None:
    upside_down = figure(tilt_deg=170.0)
    reasons = run(accepted, 1.0, 2.0, 25, upside_down)
    assert set(reasons[:11]) == {""}
    assert set(reasons[14:]) == {IMPLAUSIBLE}
    assert run(accepted, 2.0, 2.4, 25, PERSON)[:2] == [UNCONFIRMED] * 2


def test_a_moment_of_nonsense_costs_nothing(accepted: PersonGate) -> None:
    upside_down = figure(tilt_deg=170.0)
    for start_s in (1.0, 2.0, 3.0):
        assert set(run(accepted, start_s, start_s + 0.4, 25, upside_down)) == {""}
        assert set(run(accepted, start_s + 0.4, start_s + 1.0, 25, PERSON)) == {""}


def test_reset_forgets(accepted: PersonGate) -> None:
    accepted.reset()
    assert accepted.step(1_000_000_000, None) == NO_PERSON
    assert accepted.step(1_040_000_000, PERSON) == UNCONFIRMED


def test_time_that_starts_again_after_reset_is_fine(accepted: PersonGate) -> None:
    accepted.reset()
    assert run(accepted, 0.0, 1.0, 25, PERSON)[-1] == ""


def test_it_can_be_switched_off() -> None:
    gate = PersonGate(PlausibilityConfig(enabled=False))
    assert set(run(gate, 0.0, 1.0, 25, GHOST)) == {""}
    assert gate.step(1_000_000_000, None) == PERSON_LOST
