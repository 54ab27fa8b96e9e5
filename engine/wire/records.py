"""What a recording holds besides the published messages; the container is MCAP."""

from typing import TypeVar

import msgspec
from msgspec import Struct

from engine.clock import ClockPair
from engine.config import Config
from engine.emotion_weights import FittedWeights
from engine.errors import RecordingError
from engine.messages import SCHEMA_VERSION, PoseBody
from engine.person import PersonCalibration
from engine.redaction import redact

StructT = TypeVar("StructT", bound=Struct)

PROFILE = "fidget"
HEADER_NAME = "fidget.recording"
END_NAME = "fidget.end"
INPUT_POSE = "input.pose"
INPUT_DECISION = "input.decision."
INPUT_STREAM = "input.stream."
NO_PIXELS = "Landmarks and derived messages only; no image, no sound, no name of a person."

# The edge in decisions that report what the recorder itself could not write.
RECORDER_EDGE = "recorder"


class RecordingHeader(Struct, frozen=True, kw_only=True):
    """What a replay needs to know before the first sample.

    Attributes:
        schema: `SCHEMA_VERSION` of the writer.
        session: Id of the recorded run; a replay reuses it.
        stream: Name of the camera or person; of the first one, if there are several.
        monotonic_ns: The stream's clock at the start.
        wall_ns: Unix time at the same instant.
        source: What was watched, credentials removed.
        config: The complete `Config` as JSON, credentials removed.
        person: The person calibration as JSON; None without one. Of several streams each has its
            own, see `StreamJoined`.
        recognizer: `name@model_hash`.
        versions: Package to version.
        content: `NO_PIXELS`.
        emotion_weights: The fitted weights of evidence as JSON; None for the shipped table.
    """

    schema: int
    session: str
    stream: str
    monotonic_ns: int
    wall_ns: int
    source: str
    config: str
    person: str | None
    recognizer: str
    versions: dict[str, str]
    content: str = NO_PIXELS
    emotion_weights: str | None = None


class RecordingEnd(Struct, frozen=True, kw_only=True):
    """Written last; a recording without it was cut off.

    Attributes:
        written: Records by kind: `input.pose`, `input.decision`, `pose`, `gesture`, …
        lost: What the recorder could not take in time, cause to count.
    """

    written: dict[str, int]
    lost: dict[str, int]


class InputPose(Struct, frozen=True, kw_only=True):
    """One sample that left the pose stage, whether or not it was used.

    Attributes:
        stream: Name of the camera or person.
        epoch: Unbroken stretch of the stream.
        capture_ns: Grab time of the frame.
        pose: The sample.
        degrade_level: How much the governor left out for it; 0 is nothing.
    """

    stream: str
    epoch: int
    capture_ns: int
    pose: PoseBody
    degrade_level: int = 0


class SchedulerDecision(Struct, frozen=True, kw_only=True):
    """Something the scheduler left out.

    Attributes:
        at_ns: When, on the recording engine's clock.
        edge: Where, e.g. `pose-recognize`; `recorder` for losses of the recording itself.
        cause: Why, e.g. `overload`.
        sample_seq: The pose sample's running number; None for what never was a sample.
        count: How many items; 1 for a sample.
        stream: Whose; empty is that of the header.
    """

    at_ns: int
    edge: str
    cause: str
    sample_seq: int | None = None
    count: int = 1
    stream: str = ""


class StreamJoined(Struct, frozen=True, kw_only=True):
    """A stream that takes part from here on, and where it stands among the others.

    A network may sum in another order when it runs other numbers of streams together, so a replay
    that is to give the same bits needs the same places.

    Attributes:
        stream: Name of the camera or person.
        at_ns: When, on the recording engine's clock.
        row: Its row in the recogniser.
        rooms: How many rows the recogniser was asked for until then, one time after the other.
        person: The person calibration as JSON; None without one.
    """

    stream: str
    at_ns: int
    row: int
    rooms: tuple[int, ...]
    person: str | None


def make_header(
    config: Config,
    *,
    session: str,
    source: str,
    recognizer: str,
    stream: str = "",
    pair: ClockPair,
    versions: dict[str, str],
    person: PersonCalibration | None = None,
    fitted: FittedWeights | None = None,
) -> RecordingHeader:
    """The header of a recording that starts now; credentials in addresses are removed.

    Without `stream` it is the configured one.
    """
    return RecordingHeader(
        schema=SCHEMA_VERSION,
        session=session,
        stream=stream or config.stream.name,
        monotonic_ns=pair.monotonic_ns,
        wall_ns=pair.wall_ns,
        source=redact(source),
        config=redact(msgspec.json.encode(config, order="sorted").decode()),
        person=person_json(person),
        recognizer=recognizer,
        versions=dict(sorted(versions.items())),
        emotion_weights=_json_or_none(fitted),
    )


def recorded_config(header: RecordingHeader) -> Config:
    """The configuration the recorded run had.

    Raises:
        RecordingError: This version does not know one of its options.
    """
    try:
        return msgspec.json.decode(header.config, type=Config)
    except msgspec.DecodeError as error:
        raise RecordingError(
            f"the recorded configuration does not fit this version: {error}. "
            f"It was recorded with {header.versions}."
        ) from error


def person_json(person: PersonCalibration | None) -> str | None:
    """A calibration as recordings hold it."""
    return _json_or_none(person)


def recorded_person(person: str | None) -> PersonCalibration | None:
    """The person calibration that the recorded run had, from its JSON.

    Raises:
        RecordingError: This version does not understand it.
    """
    return _recorded(person, PersonCalibration, "person calibration")


def recorded_weights(header: RecordingHeader) -> FittedWeights | None:
    """The fitted weights of evidence that the recorded run had; None for the shipped table.

    Raises:
        RecordingError: This version does not understand them.
    """
    return _recorded(header.emotion_weights, FittedWeights, "emotion weights")


def _json_or_none(content: Struct | None) -> str | None:
    return None if content is None else msgspec.json.encode(content, order="sorted").decode()


def _recorded(text: str | None, kind: type[StructT], noun: str) -> StructT | None:
    if text is None:
        return None
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise RecordingError(
            f"the recorded {noun} cannot be read by this version: {error}"
        ) from error
