"""Harmless lines of native code are dropped from stderr, everything else comes through."""

import os
import sys

import pytest

from plugins.pose.mediapipe.native_log import quiet_native_log

NOISE = (
    b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n"
    b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
    b"W0000 00:00:1.2 3 inference_feedback_manager.cc:114] Feedback manager requires a model\n"
    b"W0000 00:00:1.2 3 landmark_projection_calculator.cc:186] Using NORM_RECT without "
    b"IMAGE_DIMENSIONS is only supported for the square ROI.\n"
    b"I0000 00:00:1.2 3 gl_context.cc:369] GL version: 3.2\n"
)
REAL = b"E0000 00:00:1.2 3 calculator_graph.cc:9] the graph fell over\n"


def test_noise_is_dropped_and_errors_are_kept(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_native_log():
        os.write(2, NOISE + REAL)
    assert capfd.readouterr().err == REAL.decode()


def test_what_was_held_back_comes_out_after_an_exception(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(RuntimeError), quiet_native_log():
        os.write(2, REAL)
        raise RuntimeError
    assert capfd.readouterr().err == REAL.decode()


def test_stderr_is_as_before_afterwards(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_native_log():
        pass
    os.write(2, NOISE)
    assert capfd.readouterr().err == NOISE.decode()


def test_a_process_without_stderr_is_no_trouble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def closed(descriptor: int) -> int:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(os, "dup", closed)
    monkeypatch.setattr(sys, "stderr", None)
    ran = []
    with quiet_native_log():
        ran.append(True)
    assert ran
