import errno
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from engine.clock import Clock
from engine.errors import RecordingError
from engine.wire import recorder as recorder_module
from engine.wire.recorder import FLUSH_EVERY_S, Recorder
from engine.wire.recording import open_recording
from engine.wire.recording_writer import RecordingWriter, open_raw
from engine.wire.records import RECORDER_EDGE, SchedulerDecision
from tests.fakes.clock import FakeClock
from tests.wire import samples
from tests.wire.feeds import PATIENCE_S
from tests.wire.recordings import FillingDisk

_ROOT = Path(__file__).resolve().parents[2]


def _no_space() -> OSError:
    return OSError(errno.ENOSPC, "No space left on device")


@contextmanager
def _recorder(path: Path, clock: Clock | None = None, **options: object) -> Iterator[Recorder]:
    clock = clock or FakeClock(samples.START_NS, samples.PAIR.wall_ns)
    recorder = Recorder(path, samples.header(), clock=clock, **options)  # type: ignore[arg-type] # passed on
    try:
        yield recorder
    finally:
        recorder.close()


def _until_failed(recorder: Recorder) -> None:
    patience = threading.Event()
    for seq in range(round(PATIENCE_S / 0.001)):
        if recorder.state != "on":
            return
        recorder.put(samples.pose(seq))
        patience.wait(0.001)
    raise AssertionError("the recorder did not fail")


def test_a_session_is_recorded(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    encoder = samples.encoder()
    decision = SchedulerDecision(at_ns=1, edge="pose-recognize", cause="overload", sample_seq=0)
    with _recorder(path) as recorder:
        assert recorder.state == "on"
        recorder.put(samples.pose(0))
        recorder.put(decision)
        recorder.put(samples.wire(encoder, "gesture_end"))
    assert (recorder.state, recorder.lost()) == ("off", {})
    recording = open_recording(path)
    assert [sample.seq for sample in recording.pose_inputs()] == [0]
    assert list(recording.decisions()) == [decision]
    assert [wired.message.body for wired in recording.messages()] == [samples.gesture("end")]
    assert recording.survey.ended


def test_an_existing_file_is_not_overwritten_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    path.write_text("a session of last week")
    with pytest.raises(RecordingError, match="exists already"):
        Recorder(path, samples.header())
    assert path.read_text() == "a session of last week"
    with _recorder(path, overwrite=True):
        pass
    assert open_recording(path).survey.ended


def test_a_missing_folder_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be created: No such file"):
        Recorder(tmp_path / "no" / "a.mcap", samples.header())


def test_a_disk_that_is_full_from_the_start_is_an_error_at_once(tmp_path: Path) -> None:
    disk = FillingDisk(100, _no_space)
    with pytest.raises(RecordingError, match="No space left"):
        Recorder(tmp_path / "a.mcap", samples.header(), opener=disk)
    assert disk.closed


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_real_full_disk_is_an_error_at_once() -> None:
    with pytest.raises(RecordingError, match="No space left"):
        Recorder(Path("/dev/full"), samples.header(), overwrite=True)


@pytest.mark.parametrize(
    ("make_error", "what"),
    [
        (_no_space, "the disk is full"),
        (lambda: OSError(errno.EIO, "Input/output error"), "the disk failed: Input/output error"),
    ],
    ids=["full", "broken"],
)
def test_a_failing_disk_ends_the_recording_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, make_error: object, what: str
) -> None:
    caplog.set_level(logging.ERROR)
    path = tmp_path / "a.mcap"
    disk = FillingDisk(200_000, make_error)  # type: ignore[arg-type] # pytest's ids widen it
    with _recorder(path, opener=disk) as recorder:
        _until_failed(recorder)
        assert recorder.state.startswith(f"failed: {what}; {path} ends after 0.")
        recorder.put(samples.wire(samples.encoder(), "log"))  # still refused without a word
        assert recorder.lost()["stopped_message"] == 1
    assert recorder.state.startswith("failed: ")
    assert disk.closed
    assert [r.getMessage() for r in caplog.records if what in r.getMessage()]
    survey = open_recording(path).survey
    assert survey.pose_inputs > 10
    assert "cut off" in survey.damage
    assert not survey.ended


def test_a_sample_that_cannot_be_written_ends_the_recording_with_the_reason(
    tmp_path: Path,
) -> None:
    broken = samples.pose()
    broken.joints[3, 0] = np.nan
    with _recorder(tmp_path / "a.mcap") as recorder:
        recorder.put(broken)
        _until_failed(recorder)
    assert "ModelError: joints of a pose sample must be finite" in recorder.state


class _SlowDisk:
    """Takes the header, then waits for the gate."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.waits = threading.Event()
        self._after_header = False

    def __call__(self, path: Path, overwrite: bool) -> "_SlowDisk":
        self._file = open_raw(path, overwrite)
        return self

    def write(self, data: memoryview, /) -> int | None:
        if self._after_header:
            self.waits.set()
            assert self.gate.wait(PATIENCE_S)
        self._after_header = b"fidget.recording" in bytes(data) or self._after_header
        return self._file.write(data)

    def close(self) -> None:
        self._file.close()


def test_a_slow_disk_holds_up_nobody_and_the_recording_says_what_is_missing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.mcap"
    disk = _SlowDisk()
    clock = FakeClock(samples.START_NS)
    encoder = samples.encoder()
    pose_messages = [samples.wire(encoder, "pose") for _ in range(3)]
    with _recorder(path, clock, opener=disk, capacity=8) as recorder:
        clock.advance(2 * FLUSH_EVERY_S)
        recorder.put(samples.pose(0))
        assert disk.waits.wait(PATIENCE_S)
        for seq in range(1, 6):
            recorder.put(samples.pose(seq))
        for wired in pose_messages:  # one fits below three quarters, two give way
            recorder.put(wired)
        recorder.put(samples.wire(encoder, "gesture_start"))
        recorder.put(samples.pose(6))
        recorder.put(samples.pose(7))  # full
        recorder.put(samples.wire(encoder, "gesture_end"))
        lost = {"overload_message": 3, "overload_input": 1}
        assert recorder.lost() == lost
        disk.gate.set()
    recording = open_recording(path)
    assert [sample.seq for sample in recording.pose_inputs()] == list(range(7))
    assert [wired.topic for wired in recording.messages()] == ["pose.main.", "gesture.main."]
    noted = {d.cause: d.count for d in recording.decisions() if d.edge == RECORDER_EDGE}
    assert noted == recording.survey.recorder_lost == lost
    assert not recording.survey.exact


def test_a_disk_that_hangs_does_not_hang_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "_JOIN_S", 0.05)
    disk = _SlowDisk()
    clock = FakeClock(samples.START_NS)
    with _recorder(tmp_path / "a.mcap", clock, opener=disk) as recorder:
        clock.advance(2 * FLUSH_EVERY_S)
        recorder.put(samples.pose())
        assert disk.waits.wait(PATIENCE_S)
        recorder.close()
        assert recorder.state.startswith("failed: the disk took nothing for 0.05 s")
        disk.gate.set()
        recorder.close()  # the thread ends once the disk is back


def test_a_chunk_is_finished_every_second(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    clock = FakeClock(samples.START_NS)
    with _recorder(path, clock) as recorder:
        recorder.put(samples.pose(0))
        clock.advance(1.01 * FLUSH_EVERY_S)
        recorder.put(samples.pose(1))
        patience = threading.Event()
        for _ in range(round(PATIENCE_S / 0.01)):
            if open_recording(path).survey.pose_inputs:
                break
            patience.wait(0.01)
        assert len(list(open_recording(path).pose_inputs())) >= 1


def test_closing_twice_and_putting_afterwards_is_harmless(tmp_path: Path) -> None:
    with _recorder(tmp_path / "a.mcap") as recorder:
        recorder.close()
        recorder.put(samples.pose())
    assert (recorder.state, recorder.lost()) == ("off", {"stopped_input": 1})


def test_a_killed_process_leaves_a_readable_recording(tmp_path: Path) -> None:
    """A real process with the real clock is killed after its first chunk reached the file."""
    path = tmp_path / "a.mcap"
    code = (
        "import sys, pathlib, itertools, time\n"
        "from engine.wire.recorder import Recorder\n"
        "from tests.wire import samples\n"
        "recorder = Recorder(pathlib.Path(sys.argv[1]), samples.header())\n"
        "print('on', flush=True)\n"
        "for seq in itertools.count():\n"
        "    recorder.put(samples.pose(seq))\n"
        "    time.sleep(0.005)\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        stdout=subprocess.PIPE,
    )
    assert writer.stdout is not None
    try:
        assert writer.stdout.readline() == b"on\n"
        header_bytes = path.stat().st_size
        patience = threading.Event()
        for _ in range(round(PATIENCE_S / 0.02)):
            if path.stat().st_size > header_bytes:
                break
            patience.wait(0.02)
    finally:
        writer.kill()
        writer.wait(10)
        writer.stdout.close()
    recording = open_recording(path)
    seqs = [sample.seq for sample in recording.pose_inputs()]
    assert seqs == list(range(len(seqs)))
    assert len(seqs) > 10
    assert recording.truncated
    assert not recording.survey.ended


def test_times_are_wall_time_by_the_pair(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    writer = RecordingWriter(path, samples.header())
    assert writer.size_bytes == path.stat().st_size > 0
    writer.write_pose(samples.pose(), samples.START_NS - 2 * samples.PAIR.wall_ns)  # never below 0
    writer.write_pose(samples.pose(), samples.START_NS + 1)
    writer.finish({})
    from mcap.reader import make_reader

    with path.open("rb") as file:
        times = [message.log_time for _, _, message in make_reader(file).iter_messages()]
    assert times == [0, samples.PAIR.wall_ns + 1]
