import os
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import RecordingError
from engine.wire.record_stream import MAGIC
from engine.wire.recording import Recording, open_recording
from engine.wire.recording_writer import RecordingWriter
from engine.wire.survey import Survey
from tests.wire import samples
from tests.wire.recordings import same_pose, write_recording


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return write_recording(tmp_path / "whole.mcap")


def _readable(path: Path) -> tuple[int, int, int, str] | str:
    """How much of each kind can be read, or the error; anything else escapes."""
    try:
        recording = open_recording(path)
        counts = _counts(recording)
    except RecordingError as error:
        assert str(path) in str(error)
        return str(error)
    return (*counts, recording.survey.damage)


def _counts(recording: Recording) -> tuple[int, int, int]:
    return (
        sum(1 for _ in recording.pose_inputs()),
        sum(1 for _ in recording.decisions()),
        sum(1 for _ in recording.messages()),
    )


def _tiny_recording(path: Path) -> Path:
    """Three samples of two joints and three log lines, in three chunks."""
    writer = RecordingWriter(path, samples.header())
    encoder = samples.encoder()
    joints = np.ones((2, 3), np.float32)
    for seq in range(3):
        sample = replace(samples.pose(seq), skeleton="two", joints=joints, depth=None)
        writer.write_pose(sample, sample.capture_ns)
        writer.write_message(samples.wire(encoder, "log"), sample.capture_ns)
        writer.flush()
    writer.finish({})
    return path


def test_cut_off_at_any_byte(tmp_path: Path) -> None:
    path = _tiny_recording(tmp_path / "cut.mcap")
    surveys: list[Survey] = []
    for size in reversed(range(path.stat().st_size)):
        os.truncate(path, size)
        survey = _survey(path)
        if survey is None:
            break
        if not surveys or survey.pose_inputs < surveys[-1].pose_inputs:
            assert _counts(open_recording(path)) == (survey.pose_inputs, 0, survey.pose_inputs)
        assert survey.messages.get("log", 0) == survey.pose_inputs
        surveys.append(survey)
    header_ends_at = size
    for size in reversed(range(header_ends_at)):
        os.truncate(path, size)
        assert _survey(path) is None, f"readable at {size} bytes, but not at {header_ends_at}"
    counts = [survey.pose_inputs for survey in surveys]
    assert counts == sorted(counts, reverse=True)
    assert set(counts) == {0, 1, 2, 3}
    # Complete data without its index is whole; everything before says that it was cut.
    damaged = [bool(survey.damage) for survey in surveys]
    assert damaged == sorted(damaged)
    assert not damaged[0]
    assert all("cut off" in survey.damage for survey in surveys if survey.damage)


def _survey(path: Path) -> Survey | None:
    """None if the recording is refused; anything but a RecordingError escapes."""
    try:
        return open_recording(path).survey
    except RecordingError as error:
        assert str(path) in str(error)
        return None


def test_lost_bytes_are_those_behind_the_last_whole_record(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.mcap", finish=False)
    size = path.stat().st_size
    assert open_recording(path).survey.lost_bytes == 0
    path.write_bytes(path.read_bytes() + b"\x06\x40\x00")
    recording = open_recording(path)
    assert recording.truncated
    assert recording.survey.lost_bytes == 3
    assert not recording.survey.ended
    assert path.stat().st_size == size + 3


def test_random_damage_gives_an_error_or_a_shorter_reading(tmp_path: Path) -> None:
    data = write_recording(tmp_path / "whole.mcap", poses=6).read_bytes()
    path = tmp_path / "damaged.mcap"
    rng = np.random.default_rng(7)
    kinds = {"error": 0, "shorter": 0, "whole": 0}
    for _ in range(500):
        damaged = bytearray(data)
        for _ in range(int(rng.integers(1, 4))):
            damaged[int(rng.integers(len(data)))] = int(rng.integers(256))
        path.write_bytes(damaged)
        result = _readable(path)
        if isinstance(result, str):
            kinds["error"] += 1
            continue
        _same_as_far_as_it_goes(path)
        kinds["shorter" if result[3] else "whole"] += 1
        if not result[3]:
            assert result[:3] == (6, 0, 7)
    assert min(kinds.values()) > 10, kinds


def _same_as_far_as_it_goes(path: Path) -> None:
    for index, sample in enumerate(open_recording(path).pose_inputs()):
        assert same_pose(sample, samples.pose(index, epoch=index // 6))


def test_a_block_of_zeros_or_noise_in_the_middle_ends_the_reading(whole: Path) -> None:
    data = whole.read_bytes()
    rng = np.random.default_rng(3)
    index = _first_record(data, 0x0F)
    for filler in (bytes(600), rng.bytes(600)):
        for start in range(100, index - 600, 97):
            whole.write_bytes(data[:start] + filler + data[start + 600 :])
            result = _readable(whole)
            assert isinstance(result, str) or result[3]


def test_a_chunk_that_turned_into_another_kind_of_record_is_noticed(whole: Path) -> None:
    """Skipping what is not known would leave a hole that nobody sees."""
    data = bytearray(whole.read_bytes())
    place = _first_record(data, 0x06)
    for opcode in (*range(0x06), *range(0x07, 0x10), 0x80, 0xFF):
        data[place] = opcode
        whole.write_bytes(data)
        result = _readable(whole)
        assert isinstance(result, tuple)
        assert result[:3] == (0, 0, 0), hex(opcode)
        assert result[3], hex(opcode)


def test_a_chunk_that_claims_gigabytes_takes_no_memory(whole: Path) -> None:
    data = bytearray(whole.read_bytes())
    place = _first_record(data, 0x06) + 9 + 16
    data[place : place + 8] = struct.pack("<Q", 1 << 40)
    whole.write_bytes(data)
    assert "more than can be" in open_recording(whole).survey.damage


def _first_record(data: bytes | bytearray, opcode: int) -> int:
    place = len(MAGIC)
    while data[place] != opcode:
        place += 9 + struct.unpack_from("<Q", data, place + 1)[0]
    return place
