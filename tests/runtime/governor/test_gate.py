from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.governor.gate import Gate

PROBE_AFTER_NS = 250
BEST_NS = 10


def passes(gate: Gate, now_ns: int, *, cost_ns: int = 400, left_ns: int = 200) -> bool:
    return gate.passes(cost_ns, BEST_NS, left_ns, now_ns)


def test_what_is_forecast_in_time_passes_to_the_last_nanosecond() -> None:
    gate = Gate(PROBE_AFTER_NS)
    assert passes(gate, 0, cost_ns=200)
    assert not passes(gate, 0, cost_ns=201)


def test_a_trial_passes_when_nothing_did_for_long_enough() -> None:
    gate = Gate(PROBE_AFTER_NS)
    assert passes(gate, 0, cost_ns=100)
    assert not passes(gate, 249)
    assert passes(gate, 250)


def test_the_wait_for_a_trial_begins_when_the_last_result_has_come() -> None:
    gate = Gate(PROBE_AFTER_NS)
    passes(gate, 0, cost_ns=100)
    gate.heard(False, 400)
    assert not passes(gate, 649)
    assert passes(gate, 650)


def test_no_trial_is_made_of_a_frame_that_would_be_late_at_best() -> None:
    gate = Gate(PROBE_AFTER_NS)
    assert not passes(gate, 1000, left_ns=9)
    assert passes(gate, 1000, left_ns=10)


def test_after_a_trial_in_time_the_next_passes_at_once_and_after_a_late_one_not() -> None:
    gate = Gate(PROBE_AFTER_NS)
    assert passes(gate, 0)
    gate.heard(True, 50)
    assert passes(gate, 51)
    gate.heard(False, 100)
    assert not passes(gate, 101)


def test_three_trials_in_time_prove_what_was_known_before_them_outdated() -> None:
    gate = Gate(PROBE_AFTER_NS)
    told = []
    for now_ns in (1000, 1060, 1120):
        assert passes(gate, now_ns)
        told.append(gate.heard(True, now_ns + 55))
    assert told == [None, None, 1000]


def test_a_late_result_in_between_means_a_new_count() -> None:
    gate = Gate(PROBE_AFTER_NS)
    told = []
    now_ns = 1000
    for in_time in (True, True, False, True, True, True):
        now_ns += PROBE_AFTER_NS
        assert passes(gate, now_ns)
        told.append(gate.heard(in_time, now_ns))
    assert told == [None] * 5 + [now_ns - 2 * PROBE_AFTER_NS]


def test_results_of_frames_that_were_no_trials_prove_nothing() -> None:
    gate = Gate(PROBE_AFTER_NS)
    for now_ns in range(0, 1000, 100):
        assert passes(gate, now_ns, cost_ns=100)
        assert gate.heard(True, now_ns + 50) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["passes", "in time", "late"]),
            st.integers(0, 400),
            st.integers(0, 400),
        ),
        max_size=40,
    ),
    st.integers(0, 400),
    st.integers(-50, 400),
    st.integers(0, 400),
)
def test_with_more_time_left_never_less_passes(
    before: list[tuple[str, int, int]], cost_ns: int, left_ns: int, more_ns: int
) -> None:
    answers = []
    for left in (left_ns, left_ns + more_ns):
        gate, now_ns = Gate(PROBE_AFTER_NS), 0
        for what, wait_ns, cost in before:
            now_ns += wait_ns
            if what == "passes":
                passes(gate, now_ns, cost_ns=cost)
            else:
                gate.heard(what == "in time", now_ns)
        answers.append(passes(gate, now_ns + 100, cost_ns=cost_ns, left_ns=left))
    assert answers[0] <= answers[1]
