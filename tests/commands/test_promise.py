import logging
from pathlib import Path

import pytest
from msgspec import structs

from calibration.saving import save
from engine.commands.promise import Promise, conditions_now
from engine.config import Config, LatencyConfig
from engine.core.pose_stage import PoseStage
from engine.messages import SessionInfo
from engine.runtime.quality import governed
from tests.fakes.latency import profile
from tests.fakes.pose import UprightPose

SESSION = SessionInfo(
    state="started",
    monotonic_ns=0,
    wall_ns=0,
    source="camera 0",
    pose="mediapipe",
    recognizer="graph",
    model_hash="abc",
    covered=(),
    not_covered=(),
    emotion=True,
    versions={},
    exit_code=0,
)


def config(folder: Path, **changes: object) -> Config:
    """One whose profile was made under just these conditions, but for the changes."""
    made = Config(latency=LatencyConfig(file=str(folder / "latency.json")))
    conditions = structs.replace(conditions_now(made, SESSION), **changes)
    save(folder / "latency.json", profile(conditions=conditions))
    return made


def test_a_promise_under_the_same_conditions_is_told_and_begins_with_what_was_measured(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = config(tmp_path)
    promise = Promise(made, SESSION)
    assert promise.text.startswith("99 % published within 90 ms, also under load")
    assert not caplog.records
    governor = governed(made, PoseStage(UprightPose()), lambda *_: None).governor
    promise.seed(governor)
    assert governor.status(0).forecasts["pose"].expected_ms == 31.0


def test_on_a_machine_that_has_changed_it_warns_and_promises_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = config(tmp_path, source="camera 7", deadline_ms=1.0)
    with caplog.at_level(logging.WARNING):
        promise = Promise(made, SESSION)
    assert promise.text == ""
    (record,) = caplog.records
    told = record.getMessage()
    assert "source was camera 7, is camera 0; deadline_ms was 1, is 200" in told
    assert "run_stream.py calibrate latency" in told
    governor = governed(made, PoseStage(UprightPose()), lambda *_: None).governor
    promise.seed(governor)
    assert governor.status(0).forecasts["pose"].expected_ms is None


def test_without_a_profile_there_is_no_promise() -> None:
    assert Promise(Config(), SESSION).text == ""
