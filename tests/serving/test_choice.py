"""Backends are judged in processes of their own; nothing they do there goes further."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.clock import SystemClock
from engine.errors import ConfigError, PluginError
from engine.serving.backend_spec import BackendSpec
from engine.serving.candidates import Best, Candidates, Nobody
from engine.serving.choice import PROCESSOR, Verdict, pick, survey
from engine.serving.engine_group import EngineGroup
from engine.serving.limits import ServingLimits, Tolerance
from engine.serving.trial import Trial
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from tests.fakes.clock import FakeClock
from tests.serving.faulty import HERE, faulty
from tests.serving.graphs import FIELD, small_graph
from tests.serving.processes import runs

GRAPH = small_graph()
LIMITS = ServingLimits(bound_ms=10_000.0)
OWN = Verdict(PROCESSOR, True, "the reference", 1.0, 1.2, 0.0, 0.0)


def trial(streams: int = 1) -> Trial:
    processor = OnnxRuntimeBackend(OnnxRuntimeConfig())
    return Trial(GRAPH, processor, streams, SystemClock(), FIELD + 4)


def other(name: str, p50: float) -> Verdict:
    return replace(OWN, name=name, step_ms_p50=p50)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (faulty(refusal="install the driver"), "install the driver"),
        (faulty(at_open="exit"), "its process ended with exit code 7"),
        (faulty(at_open="model"), "this network cannot be run"),
        (faulty(off_by=0.1), "differs from onnxruntime by up to 0.1"),
        (faulty(off_by=float("nan")), "not finite"),
        (BackendSpec("nobody"), "no backends plugin called 'nobody'"),
        (BackendSpec("no.such:Class"), "cannot be imported"),
        (BackendSpec("tests.serving.graphs:noise"), "lacks Config"),
    ],
)
def test_a_backend_that_cannot_serve_is_refused_with_the_reason(
    spec: BackendSpec, words: str
) -> None:
    own, *others = survey([spec], trial(), LIMITS)
    assert (own.name, own.accepted) == (PROCESSOR, True)
    assert [(v.name, v.accepted) for v in others] == [(spec.use, False)]
    assert words in others[0].reason


def test_the_processor_itself_is_no_other_but_with_other_options_it_is() -> None:
    specs = [BackendSpec(PROCESSOR), BackendSpec(PROCESSOR, {"threads": 2})]
    own, *others = survey(specs, trial(), LIMITS)
    assert own.reason == "the reference"
    assert [(v.name, v.accepted) for v in others] == [(PROCESSOR, True)]


def test_a_backend_that_hangs_is_refused_when_its_time_is_over() -> None:
    limits = replace(LIMITS, open_within_s=1.0)
    nobody = Candidates([faulty(at_open="stall")], limits, named=True).best(trial(), 1)
    assert isinstance(nobody, Nobody)
    assert "gave no engine within 1 s" in nobody.reason
    assert nobody.retry


def test_a_backend_in_parity_is_accepted_with_its_figures() -> None:
    own, verdict = survey([faulty()], trial(9), LIMITS)
    assert verdict.accepted
    assert verdict.max_error is not None
    assert verdict.mean_error is not None
    assert verdict.mean_error <= verdict.max_error < 1e-4
    for timed in (own, verdict):
        assert timed.step_ms_p50 is not None
        assert timed.step_ms_p99 is not None
        assert 0 < timed.step_ms_p50 <= timed.step_ms_p99


def test_nothing_is_compared_where_the_processor_does_not_work() -> None:
    broken = replace(GRAPH, onnx=b"no graph")
    processor = OnnxRuntimeBackend(OnnxRuntimeConfig())
    verdicts = survey([faulty()], Trial(broken, processor, 1, SystemClock()), LIMITS)
    assert not any(verdict.accepted for verdict in verdicts)
    assert "cannot be run" in verdicts[0].reason
    assert "does not run here" in verdicts[1].reason


def test_options_and_plugins_are_checked_before_anything_is_run() -> None:
    with pytest.raises(ConfigError, match="unknown option 'speed'"):
        BackendSpec(HERE, {"speed": 3}).make()
    with pytest.raises(PluginError, match="expected one of"):
        BackendSpec("nobody").make()


def test_the_fastest_is_picked_if_it_is_worth_it() -> None:
    choice = pick([OWN, other("fast", 0.8), other("faster", 0.7)], gain=0.2)
    assert choice.name == "faster"
    assert "faster 0.70 ms against onnxruntime 1.00 ms" in choice.reason


def test_the_processor_is_picked_if_nothing_is_worth_it() -> None:
    choice = pick([OWN, other("little", 0.81)], gain=0.2)
    assert choice.name == PROCESSOR
    assert "nothing is at least 20% faster" in choice.reason


def test_what_was_refused_is_never_picked() -> None:
    choice = pick([OWN, replace(other("wrong", 0.1), accepted=False)], gain=0.2)
    assert choice == pick([OWN], gain=0.2)
    assert choice.name == PROCESSOR


@pytest.mark.parametrize("slow_first", [False, True])
def test_the_fastest_candidate_is_left_open_and_the_others_are_closed(
    slow_first: bool, tmp_path: Path
) -> None:
    """Speed does not matter here but between these: 0.03 s are more than any hiccup."""
    pids = {name: tmp_path / name for name in ("fast", "slow")}
    specs = [faulty(pids=str(pids["fast"])), faulty(pids=str(pids["slow"]), pause_s=0.03)]
    specs = [*specs[:: -1 if slow_first else 1], BackendSpec("no.such:Class")]
    candidates = Candidates(specs, replace(LIMITS, gain=-1e9), named=False)
    best = candidates.best(trial(), 1)
    assert isinstance(best, Best)
    assert "the fastest in parity" in best.reason
    assert "; no.such:Class: backend 'no.such:Class' cannot be imported" in best.reason
    assert [runs(pids[name].read_text()) for name in ("fast", "slow")] == [True, False]
    best.group.close()


def test_a_candidate_that_is_not_worth_it_is_judged_once(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    limits = replace(LIMITS, gain=1.0)
    candidates = Candidates([faulty(pids=str(pids))], limits, named=False)
    for _ in range(2):
        nobody = candidates.best(trial(), 1)
        assert isinstance(nobody, Nobody)
        assert "nothing is at least 100% faster" in nobody.reason
        assert not nobody.retry
    assert len(pids.read_text().split()) == 1


def test_a_candidate_that_the_user_named_need_not_be_faster() -> None:
    limits = replace(LIMITS, gain=1.0)
    best = Candidates([faulty()], limits, named=True).best(trial(), 1)
    assert isinstance(best, Best)
    assert "against onnxruntime" in best.reason
    best.group.close()


def test_what_may_be_otherwise_later_is_worth_another_attempt() -> None:
    specs = [faulty(refusal="no device"), faulty(off_by=1.0)]
    nobody = Candidates(specs, LIMITS, named=False).best(trial(), 1)
    assert isinstance(nobody, Nobody)
    assert nobody.retry
    assert "no device" in nobody.reason
    assert "differs" in nobody.reason


def test_the_tolerance_is_of_the_largest_and_of_the_mean() -> None:
    for tolerance in (Tolerance(largest=0.05, mean=1.0), Tolerance(largest=1.0, mean=0.01)):
        limits = replace(LIMITS, tolerance=tolerance)
        verdict = survey([faulty(off_by=0.1)], trial(), limits)[1]
        assert not verdict.accepted
    limits = replace(LIMITS, tolerance=Tolerance(largest=0.2, mean=0.2))
    assert survey([faulty(off_by=0.1)], trial(), limits)[1].accepted


class _TickingClock(FakeClock):
    def now_ns(self) -> int:
        self.advance(0.03)
        return super().now_ns()


def test_a_trial_leaves_the_memory_empty_and_is_bounded_in_time() -> None:
    clock = _TickingClock()
    processor = OnnxRuntimeBackend(OnnxRuntimeConfig())
    made = Trial(GRAPH, processor, 3, clock)
    group = EngineGroup(processor, GRAPH)
    group.reserve(3)
    difference = made.compare(group)
    assert difference.largest == difference.mean == 0.0
    begin_ns = clock.now_ns()
    times = made.time(group)
    assert clock.now_ns() - begin_ns < 2e9
    assert times.p50 == pytest.approx(30.0)
    assert made.compare(group).largest == 0.0
