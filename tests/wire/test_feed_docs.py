"""`docs/feed.md` names every topic and every field, next to the Struct it belongs to."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import Struct

from engine import messages
from engine.skeletons import HOLISTIC_75, HOLISTIC_97
from engine.topics import TOPICS
from engine.wire import records
from engine.wire.tables import EMOTION_COLUMNS, EVENT_COLUMNS
from engine.wire.verify import TIMING_FIELDS

_PAGE = (Path(__file__).resolve().parents[2] / "docs" / "feed.md").read_text(encoding="utf-8")
_SECTIONS = {
    part.split("\n", 1)[0].strip(): part for part in re.split(r"^#{2,3} ", _PAGE, flags=re.M)[1:]
}
# Structs that are described in the section of the one they are part of.
_HOME = {"Evidence": "EmotionEstimate", "StageLatency": "Health", "StreamHealth": "Health"}
_STRUCTS: list[type[Struct]] = [
    messages.Envelope,
    *(topic.body for topic in TOPICS.values()),
    messages.Evidence,
    messages.StageLatency,
    messages.StreamHealth,
]
_RECORDS: list[type[Struct]] = [
    records.InputPose,
    records.SchedulerDecision,
    records.StreamJoined,
    records.RecordingHeader,
    records.RecordingEnd,
]


def _cases(structs: list[type[Struct]], section: str = "") -> list[Any]:
    return [
        pytest.param(
            section or _HOME.get(s.__name__, s.__name__), f.name, id=f"{s.__name__}.{f.name}"
        )
        for s in structs
        for f in msgspec.structs.fields(s)
    ]


@pytest.mark.parametrize(("section", "field"), [*_cases(_STRUCTS), *_cases(_RECORDS, "Recording")])
def test_every_field_is_described(section: str, field: str) -> None:
    assert f"`{field}`" in _SECTIONS[section]


def test_every_topic_is_in_the_table_with_its_limit() -> None:
    for topic in TOPICS.values():
        (row,) = re.findall(rf"^\| `{topic.kind}\..*$", _SECTIONS["Topics"], flags=re.M)
        assert f"`{topic.body.__name__}`" in row
        limit = "`health.`" if topic.stale_after_s is None else f"{topic.stale_after_s:g} s"
        assert row.rstrip(" |").endswith(limit)


def test_columns_and_timing_fields_are_named() -> None:
    for column in (*EVENT_COLUMNS, *EMOTION_COLUMNS):
        assert f"`{column}`" in _SECTIONS["Export"]
    for field in TIMING_FIELDS:
        assert f"`{field}`" in _SECTIONS["Replay"]


def test_the_schema_version_is_current() -> None:
    assert f"uses; {messages.SCHEMA_VERSION}." in _SECTIONS["Envelope"]


def test_the_joints_of_the_face_are_named_in_their_order() -> None:
    start, end = HOLISTIC_97.parts["face"]
    named = re.findall(r"`(face_[a-z_]+[a-z])`", _SECTIONS["Joint sets"])
    left = [joint for joint in HOLISTIC_97.joints[start:end] if "_right_" not in joint]
    assert named == left
    mirrored = [joint.replace("_left_", "_right_") for joint in left if "_left_" in joint]
    assert (*HOLISTIC_75.joints, *left, *mirrored) == HOLISTIC_97.joints
    assert f"`face` {start}–{end - 1}" in _SECTIONS["Joint sets"]
