"""What the geometric recogniser sees in a story, through the engine's own core."""

from collections.abc import Iterable

from engine.config import Config
from engine.core.batch import LoneStream
from engine.core.stream import StreamCore
from engine.labels import LABELS, Group
from engine.messages import GestureEvent
from engine.person import PERSON_FILE, PersonCalibration, Resting
from engine.poses import PoseSample
from engine.skeletons import HOLISTIC_75
from plugins.recognizers.geometric.recognizer import GeometricConfig, GeometricRecognizer
from tests.fakes.people import Person, person

PEOPLE = {
    "plain": person(),
    "far to the side": person(shoulders=0.15, at=(0.7, 0.55), seed=3),
    "near in wide picture": person(
        shoulders=0.45, at=(0.45, 0.75), width_px=1280, height_px=720, seed=5
    ),
    "mirrored upright picture": person(
        mirrored=True, shoulders=0.6, at=(0.5, 0.5), width_px=480, height_px=640, seed=7
    ),
}
SELF_TOUCH = {
    label.slug for label in LABELS if label.group in (Group.HEAD_HAND, Group.BODY_HAND)
} | {"touch_arms"}


def calibration() -> PersonCalibration:
    """The resting pose of `person()`."""
    return PersonCalibration(
        kind=PERSON_FILE.kind,
        version=PERSON_FILE.version,
        created_wall_ns=0,
        skeleton=HOLISTIC_75.name,
        recognizer="geometric",
        observed_s=30.0,
        resting=Resting(
            shoulder_per_ear_width=1 / 0.38,
            head_height=0.616,
            head_pitch=0.07,
            shoulder_width_ratio=0.35,
        ),
        rates_per_min={},
    )


def events(
    story: Person, duration_s: float, known: PersonCalibration | None = None
) -> list[GestureEvent]:
    """Closed events of a story, in order of their start."""
    return events_of(story.samples(duration_s), known)


def events_of(
    samples: Iterable[PoseSample], known: PersonCalibration | None = None
) -> list[GestureEvent]:
    """Closed events of pose samples, in order of their start."""
    model = GeometricRecognizer(GeometricConfig(), known)
    stream = LoneStream(StreamCore(Config(), model, known), model)
    decisions = [decision for sample in samples for decision in stream.step(sample)]
    bodies = [decision.body for decision in decisions + stream.finish()]
    closed = [body for body in bodies if isinstance(body, GestureEvent) and body.state == "end"]
    return sorted(closed, key=lambda event: event.t_start_ns)


def labels(found: Iterable[GestureEvent]) -> list[str]:
    """Their classes."""
    return [event.label for event in found]


def start_s(event: GestureEvent) -> float:
    """When it starts."""
    return event.t_start_ns / 1e9


def end_s(event: GestureEvent) -> float:
    """When it ends."""
    assert event.t_end_ns is not None
    return event.t_end_ns / 1e9
