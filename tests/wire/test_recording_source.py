import logging
from pathlib import Path
from typing import Any

import pytest

from engine import registry
from engine.clock import NS_PER_S
from engine.errors import ConfigError, EndOfStream, RecordingError
from engine.poses import PoseSample
from engine.wire.recording_source import RecordingSource
from engine.wire.recording_writer import RecordingWriter
from tests.fakes.clock import FakeClock
from tests.wire import samples
from tests.wire.recordings import DROPPED_SEQ, write_recording


def _source(path: Path, **options: Any) -> RecordingSource:
    return RecordingSource(str(path), RecordingSource.Config(**options))


def _read_all(source: RecordingSource, timeout_s: float = 10.0) -> list[PoseSample]:
    samples_: list[PoseSample] = []
    while True:
        try:
            sample = source.read(timeout_s)
        except EndOfStream:
            return samples_
        samples_ += [sample] if sample else []


def test_it_is_the_plugin_called_recording(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.mcap")
    source = registry.create("sources", "recording", {"mode": "ideal", "speed": 2}, str(path))
    assert isinstance(source, RecordingSource)
    assert (source.live, source.yields) == (False, "poses")
    with pytest.raises(ConfigError, match="unknown option"):
        registry.create("sources", "recording", {"spede": 2}, str(path))
    for options in ({"mode": "dreamt"}, {"speed": -1}):
        with pytest.raises(ConfigError):
            registry.create("sources", "recording", options, str(path))


@pytest.mark.parametrize(("mode", "missing"), [("lived", {DROPPED_SEQ}), ("ideal", set())])
def test_lived_leaves_out_what_was_dropped(tmp_path: Path, mode: str, missing: set[int]) -> None:
    source = _source(write_recording(tmp_path / "a.mcap"), mode=mode)
    source.open(FakeClock())
    assert [sample.seq for sample in _read_all(source)] == sorted(set(range(10)) - missing)
    source.close()


def test_samples_are_exactly_those_recorded(tmp_path: Path) -> None:
    source = _source(write_recording(tmp_path / "a.mcap"), mode="ideal")
    info = source.open(FakeClock(now_ns=77))
    got = _read_all(source)
    assert [(s.capture_ns, s.epoch) for s in got] == [
        (samples.START_NS + i * 40_000_000, i // 6) for i in range(10)
    ]
    assert info.description == f"recording of rtsp://***@camera/1 ({tmp_path / 'a.mcap'})"
    assert info.fps == 25.0
    assert info.duration_s == pytest.approx(0.36)
    source.close()


def test_full_speed_never_waits(tmp_path: Path) -> None:
    clock = FakeClock()
    source = _source(write_recording(tmp_path / "a.mcap"))
    source.open(clock)
    before_ns = clock.now_ns()
    _read_all(source)
    assert clock.now_ns() == before_ns
    source.close()


@pytest.mark.parametrize("speed", [0.5, 1.0, 4.0])
def test_delivery_is_paced_and_capture_times_are_not_touched(tmp_path: Path, speed: float) -> None:
    clock = FakeClock()
    source = _source(write_recording(tmp_path / "a.mcap"), mode="ideal", speed=speed)
    source.open(clock)
    start_ns = clock.now_ns()
    for index in range(10):
        sample = source.read(60.0)
        assert sample is not None
        assert sample.capture_ns == samples.START_NS + index * 40_000_000
        late_s = (clock.now_ns() - start_ns) / NS_PER_S
        assert late_s == pytest.approx(index * 0.04 / speed, abs=1e-6)
    source.close()


def test_a_sample_that_is_not_due_is_given_later(tmp_path: Path) -> None:
    clock = FakeClock()
    source = _source(write_recording(tmp_path / "a.mcap", poses=3), speed=0.01)  # every 4 s
    source.open(clock)
    got = [source.read(1.0) for _ in range(9)]
    assert [sample.seq if sample else None for sample in got] == [
        0,
        *[None] * 3,
        1,
        *[None] * 3,
        2,
    ]
    source.close()


def test_time_that_jumps_back_between_epochs_is_no_wait(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "a.mcap", samples.header())
    for seq, capture_s in enumerate((100, 101, 3, 4)):
        sample = samples.pose(seq, epoch=seq // 2, capture_ns=capture_s * NS_PER_S)
        writer.write_pose(sample, samples.START_NS)
    writer.finish({})
    clock = FakeClock(0)
    source = _source(tmp_path / "a.mcap", speed=1.0)
    assert source.open(clock).duration_s == 2.0
    due_s = [clock.now_ns() / NS_PER_S for _ in range(4) if source.read(60.0)]
    assert due_s == [0.0, 1.0, 1.0, 2.0]
    source.close()


def test_status_follows_and_closing_ends_it(tmp_path: Path) -> None:
    source = _source(write_recording(tmp_path / "a.mcap", poses=1))
    assert source.status().state == "waiting"
    source.open(FakeClock())
    assert source.status().state == "ok"
    _read_all(source)
    assert source.status().state == "ended"
    source.close()
    source.close()
    with pytest.raises(EndOfStream):
        source.read(0.0)


def test_a_recording_that_was_cut_off_is_used_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    path = write_recording(tmp_path / "a.mcap", poses=8, chunks=8, finish=False)
    path.write_bytes(path.read_bytes() + b"\x06")
    source = _source(path, mode="ideal")
    source.open(FakeClock())
    assert len(_read_all(source)) == 8
    assert "ends early (cut off in a record): 1 bytes are lost" in caplog.text
    source.close()


def test_an_empty_recording_just_ends(tmp_path: Path) -> None:
    source = _source(write_recording(tmp_path / "a.mcap", poses=0))
    info = source.open(FakeClock())
    assert (info.fps, info.duration_s) == (0.0, 0.0)
    assert _read_all(source) == []
    source.close()


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="No such file"):
        _source(tmp_path / "none.mcap").open(FakeClock())
