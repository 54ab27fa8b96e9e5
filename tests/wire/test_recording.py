import zlib
from pathlib import Path

import msgspec
import pytest
from mcap.reader import make_reader
from mcap.writer import Writer

from engine.config import Config
from engine.errors import RecordingError
from engine.messages import SCHEMA_VERSION
from engine.wire.record_stream import MAGIC
from engine.wire.recording import open_recording
from engine.wire.recording_writer import RecordingWriter
from engine.wire.records import HEADER_NAME, NO_PIXELS, recorded_config, recorded_person
from tests.wire import samples
from tests.wire.recordings import DROPPED_SEQ, same_pose, write_recording


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return write_recording(tmp_path / "whole.mcap")


def test_everything_comes_back(whole: Path) -> None:
    recording = open_recording(whole)
    poses = list(recording.pose_inputs())
    assert len(poses) == 10
    assert all(same_pose(sample, samples.pose(i, epoch=i // 6)) for i, sample in enumerate(poses))
    (decision,) = recording.decisions()
    assert (decision.edge, decision.sample_seq) == ("pose-recognize", DROPPED_SEQ)
    assert [wired.topic for wired in recording.messages()] == [
        *["gesture.main."] * 10,
        "emotion.main.",
    ]
    assert [w.message.body for w in recording.messages(["emotion"])] == [samples.emotion()]


def test_messages_are_recorded_byte_for_byte(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "a.mcap", samples.header())
    encoder = samples.encoder()
    wires = [samples.wire(encoder, name) for name in samples.BODIES]
    for wired in wires:
        writer.write_message(wired, samples.START_NS)
    writer.finish({})
    assert list(open_recording(tmp_path / "a.mcap").messages()) == wires


def test_the_header_comes_back_without_credentials(whole: Path) -> None:
    header = open_recording(whole).header
    assert header == samples.header()
    assert header.source == "rtsp://***@camera/1"
    assert header.content == NO_PIXELS
    assert recorded_config(header) == Config()
    assert recorded_person(header.person) is None


def test_the_survey_counts(whole: Path) -> None:
    survey = open_recording(whole).survey
    assert survey.pose_inputs == 10
    assert survey.messages == {"emotion": 1, "gesture": 10}
    assert survey.first_capture_ns == samples.START_NS
    assert survey.duration_s == pytest.approx(0.36)
    assert survey.dropped == {"main": {DROPPED_SEQ}}
    assert (survey.ended, survey.damage, survey.lost_bytes, survey.exact) == (True, "", 0, True)


def test_other_programs_can_read_it(whole: Path) -> None:
    """The library's own reader, which wants index, statistics and schemas in order."""
    with whole.open("rb") as file:
        reader = make_reader(file, validate_crcs=True)
        summary = reader.get_summary()
        messages = list(reader.iter_messages())
        metadata = {record.name for record in reader.iter_metadata()}
    assert summary is not None
    assert summary.statistics is not None
    assert summary.statistics.message_count == len(messages) == 22
    schema, channel, first = messages[0]
    assert schema is not None
    assert (channel.topic, channel.message_encoding) == ("input.pose.main.", "msgpack")
    assert (schema.name, schema.encoding) == ("fidget.input.pose.v1", "jsonschema")
    assert b"capture_ns" in schema.data
    assert first.log_time == samples.PAIR.wall_ns
    assert metadata == {"fidget.recording", "fidget.end"}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty"),
        (MAGIC[:5], "cut off in its first bytes"),
        (b"RIFF....AVI LIST", "not a recording"),
        (b"x", "not a recording"),
        (bytes(5000), "not a recording"),
        (MAGIC, "before its header ended"),
        (MAGIC + bytes(100), "before its header ended"),
    ],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "file.mcap"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=problem) as caught:
        open_recording(path)
    assert caught.value.exit_code == 2


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="No such file"):
        open_recording(tmp_path / "none.mcap")
    with pytest.raises(RecordingError, match="cannot be read"):
        open_recording(tmp_path)


def _foreign(path: Path, metadata: dict[str, str] | None) -> Path:
    with path.open("wb") as file:
        writer = Writer(file)
        writer.start(profile="ros2")
        if metadata is not None:
            writer.add_metadata(HEADER_NAME, metadata)
        channel = writer.register_channel("/camera", "json", 0)
        writer.add_message(channel, 0, b"{}", 0)
        writer.finish()  # type: ignore[no-untyped-call] # the library's
    return path


def test_a_recording_of_another_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="not a recording of Fidget"):
        open_recording(_foreign(tmp_path / "ros.mcap", None))


def _header_metadata(header: object) -> dict[str, str]:
    data = msgspec.json.encode(header)
    return {"json": data.decode(), "crc32": f"{zlib.crc32(data):08x}"}


def test_a_newer_schema_is_refused_whatever_its_header_looks_like(tmp_path: Path) -> None:
    metadata = _header_metadata({"schema": SCHEMA_VERSION + 1, "of_the_future": {}})
    with pytest.raises(RecordingError, match=r"schema 2, .* up to 1\. Update Fidget"):
        open_recording(_foreign(tmp_path / "new.mcap", metadata))


@pytest.mark.parametrize(
    ("metadata", "problem"),
    [
        ({}, "header is damaged"),
        ({"json": "{}", "crc32": "00000000"}, "header is damaged"),
        (_header_metadata([]), "malformed header"),
        (_header_metadata({"schema": 1}), "malformed header"),
    ],
)
def test_a_bad_header_is_refused(tmp_path: Path, metadata: dict[str, str], problem: str) -> None:
    with pytest.raises(RecordingError, match=problem):
        open_recording(_foreign(tmp_path / "bad.mcap", metadata))


def test_records_of_another_writer_are_refused_with_the_topic(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    with path.open("wb") as file:
        writer = Writer(file)
        writer.start()
        writer.add_metadata(HEADER_NAME, _header_metadata(samples.header()))
        for topic in ("input.pose.main.", "input.decision.", "gesture.main."):
            writer.add_message(writer.register_channel(topic, "msgpack", 0), 0, b"\xc1", 0)
        writer.finish()  # type: ignore[no-untyped-call] # the library's
    recording = open_recording(path)
    for read in (recording.pose_inputs, recording.decisions, recording.messages):
        with pytest.raises(RecordingError, match=r"malformed.*(input|gesture)\."):
            list(read())


def test_options_of_another_version_are_refused() -> None:
    header = msgspec.structs.replace(samples.header(), config='{"of_the_future": 1}', person="{}")
    with pytest.raises(RecordingError, match=r"of_the_future.*fidget.*0\.1\.0"):
        recorded_config(header)
    with pytest.raises(RecordingError, match="person calibration"):
        recorded_person(header.person)
