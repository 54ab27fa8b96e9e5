"""Everything that goes over the wire or into a recording, as msgspec Structs without behaviour.

A wire message is a msgpack map of two keys, `envelope` and `body`. `docs/feed.md` describes every
field for users; a test holds the two together. Readers ignore unknown fields; a change that old
readers cannot survive raises `SCHEMA_VERSION`.
"""

from typing import Generic, TypeVar

from msgspec import Struct

SCHEMA_VERSION = 1

POSITIVE = "positive"
NEGATIVE = "negative"
UNKNOWN = "unknown"

SHUTDOWN = "shutdown"
"""Why a gesture ended that went on when its stream did."""


class Envelope(Struct, frozen=True, kw_only=True):
    """Identity, time and loss accounting of one message.

    Attributes:
        schema: `SCHEMA_VERSION` of the writer.
        session: Id of the run.
        stream: Name of the camera or person.
        epoch: Unbroken stretch of the stream.
        seq: Running number on this topic, from 0; a hole is a loss on the way to you.
        capture_ns: Grab time of the newest frame that led to this, monotonic.
        decided_ns: When the content was decided, monotonic.
        published_ns: When it was handed to the socket, monotonic.
        deadline_ms: Allowed from capture to publish; 0 is none.
        missed_deadline: Whether it took longer.
        degrade_level: 0 full quality; higher means something was left out to keep up.
        drops: What was dropped in the engine since the previous message on this topic, as
            `edge.cause` to count; empty when nothing was.
    """

    schema: int
    session: str
    stream: str
    epoch: int
    seq: int
    capture_ns: int
    decided_ns: int
    published_ns: int
    deadline_ms: float
    missed_deadline: bool
    degrade_level: int
    drops: dict[str, int]


class PoseBody(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Joints of one frame; arrays are little-endian float32.

    Attributes:
        sample_seq: Running number at the pose stage.
        skeleton: Name of the joint set.
        joints: `(J, 3)` x, y, confidence; see `engine.poses.PoseSample`.
        depth: `(J,)` or None.
        valid: Whether a person was found.
        reason: Why not; empty when valid.
        parts: Which parts are tracked.
        width_px: Width of the frame.
        height_px: Height of the frame.
        pose_ms: What the pose stage took.
        person: See `engine.poses.PoseSample`; left out when it is 0.
    """

    sample_seq: int
    skeleton: str
    joints: bytes
    depth: bytes | None
    valid: bool
    reason: str
    parts: tuple[str, ...]
    width_px: int
    height_px: int
    pose_ms: float
    person: int = 0


class GestureEvent(Struct, frozen=True, kw_only=True):
    """One state of one gesture. `start`, then `update`s, then exactly one `end`.

    Attributes:
        id: Stable over the gesture's life; unique in the session.
        state: `start`, `update` or `end`.
        label_id: Raw iMiGUE id, 1..31 or 99. From 1000 on it is of a gesture that is none of
            iMiGUE's, such as one that a user has taught. Such a number is the recogniser's own
            and means something within the session only: go by `label`.
        label: Slug of the class.
        group: Group of the class; `None` of illustrative and of what is not iMiGUE's.
        t_start_ns: Onset, on the stream's clock.
        t_end_ns: Offset; None until `end`.
        score: Mean score of the class over the gesture so far, 0..1.
        peak: Highest score so far, 0..1.
        coverage: Part of the gesture's ticks in which the class could be seen, 0..1: with a valid
            pose and a view that supports the class.
        end_reason: `released`, `person_lost`, `gap`, `view` (the view stopped supporting the
            class), `epoch`, `shutdown` or `split` (the longest allowed duration was reached);
            empty until `end`.
    """

    id: str
    state: str
    label_id: int
    label: str
    group: str
    t_start_ns: int
    t_end_ns: int | None
    score: float
    peak: float
    coverage: float
    end_reason: str


class Evidence(Struct, frozen=True, kw_only=True):
    """What one class contributes to an estimate.

    Attributes:
        label: Slug of the class.
        log_odds: Its contribution now; above 0 speaks for `positive`.
        weight: Log-likelihood ratio of one event of full confidence, as it is used: after shrinkage
            and bound; the fitted one, where fitted weights are in use.
        observed: Decayed, confidence-weighted count of events.
        expected: What the person's own baseline rate would give; 0 without one.
        events: Ids of the events counted, newest last, at most 8.
    """

    label: str
    log_odds: float
    weight: float
    observed: float
    expected: float
    events: tuple[str, ...]


class EmotionEstimate(Struct, frozen=True, kw_only=True):
    """Posterior over the emotional state, with its reasons. The three parts sum to 1.

    Attributes:
        t_ns: Instant the estimate is for, on the stream's clock.
        p_positive: Part of belief on positive.
        p_negative: Part of belief on negative.
        p_unknown: Part of belief not committed.
        verdict: `positive`, `negative` or `unknown`.
        valid: Whether the stream could be observed.
        reason: Why not, or why the verdict is unknown; empty otherwise.
        log_odds: Prior plus all evidence.
        coverage: Part of the memory span with a valid pose, 0..1.
        baseline: `person` when a person's calibration is in use, else `none`.
        evidence: Largest contribution first.
    """

    t_ns: int
    p_positive: float
    p_negative: float
    p_unknown: float
    verdict: str
    valid: bool
    reason: str
    log_odds: float
    coverage: float
    baseline: str
    evidence: tuple[Evidence, ...]


class StageLatency(Struct, frozen=True, kw_only=True):
    """Latency of one stage since the session began, in milliseconds.

    Attributes:
        count: How many measurements.
        p50: Median.
        p95: 95th percentile.
        p99: 99th percentile.
        max: Largest.
    """

    count: int
    p50: float
    p95: float
    p99: float
    max: float


class StreamHealth(Struct, frozen=True, kw_only=True):
    """How one of several streams is.

    Attributes:
        source_state: `ok`, `waiting` (no frame yet), `trouble` or `ended`.
        source_trouble: A `Trouble` code, or empty.
        source_message: What happened and what is being done; credentials removed.
        epoch: Of the newest frame.
        frames_in: Frames grabbed.
        pose_hz: Pose samples a second over the last second.
        drops: Edge to cause to count, of this stream alone.
        degrade_level: As in the envelope.
        quality: Name of that level.
        stuck: As in health.
        abstained: As in health.
    """

    source_state: str
    source_trouble: str
    source_message: str
    epoch: int
    frames_in: int
    pose_hz: float
    drops: dict[str, dict[str, int]]
    degrade_level: int
    quality: str
    stuck: tuple[str, ...]
    abstained: tuple[str, ...]


class Health(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the engine is, once a second, whatever else happens.

    Attributes:
        state: `running`, or `stopped` in the last one.
        uptime_s: Since the session began.
        monotonic_ns: The stream's clock now.
        wall_ns: Unix time at the same instant.
        source_state: `ok`, `waiting` (no frame yet), `trouble` or `ended`; of several streams the
            worst, and the next two belong to it.
        source_trouble: A `Trouble` code, or empty.
        source_message: What happened and what is being done; credentials removed.
        epoch: Of the newest frame.
        frames_in: Frames grabbed, of all streams.
        pose_hz: Pose samples a second over the last second, of all streams.
        latency_ms: Stage to figures; `end_to_end` is capture to publish.
        queued: Channel to items waiting now.
        drops: Edge to cause to count, since the session began.
        degrade_level: As in the envelope; of several streams the highest.
        memory_mb: Resident memory of the process.
        recorder: `off`, `on` or `failed: …`.
        abstained: Slugs of covered classes that the view does not support now; left out on the
            wire, and empty here, when there are none, nobody is in view, or there are several
            streams.
        quality: Name of the degrade level; left out on the wire, and empty here, without a governor
            and when there are several streams.
        stuck: Stages inside a call that has lasted far too long; left out when there are none.
        backend: What runs the recogniser's network now; left out when it has none.
        backend_reason: Why that one and no other; left out when there is none.
        precision: Of the network's arithmetic; left out when it is float32 or there is none.
        streams: Stream to its own state; left out on the wire, and empty here, when there is one.
    """

    state: str
    uptime_s: float
    monotonic_ns: int
    wall_ns: int
    source_state: str
    source_trouble: str
    source_message: str
    epoch: int
    frames_in: int
    pose_hz: float
    latency_ms: dict[str, StageLatency]
    queued: dict[str, int]
    drops: dict[str, dict[str, int]]
    degrade_level: int
    memory_mb: float
    recorder: str
    abstained: tuple[str, ...] = ()
    quality: str = ""
    stuck: tuple[str, ...] = ()
    backend: str = ""
    backend_reason: str = ""
    precision: str = ""
    streams: dict[str, StreamHealth] = {}


class SessionInfo(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What this run is; published at its start, every ten seconds and at its end.

    Attributes:
        state: `started` or `ended`.
        monotonic_ns: The stream's clock at start.
        wall_ns: Unix time at start.
        source: What is watched, credentials removed.
        pose: Pose plugin.
        recognizer: Recogniser plugin.
        model_hash: Identity of the recogniser's weights or rules.
        covered: Slugs of the classes the recogniser can give.
        not_covered: Slugs of the classes it never gives.
        emotion: Whether emotion is estimated.
        versions: Package to version.
        exit_code: At `ended`; 0 before.
        precision: Of the recogniser's network; left out when it is float32 or there is none.
        emotion_weights: `name@digest` of the weights of evidence, `shipped@…` for the table that
            comes with this version; left out when emotion is not estimated.
    """

    state: str
    monotonic_ns: int
    wall_ns: int
    source: str
    pose: str
    recognizer: str
    model_hash: str
    covered: tuple[str, ...]
    not_covered: tuple[str, ...]
    emotion: bool
    versions: dict[str, str]
    exit_code: int
    precision: str = ""
    emotion_weights: str = ""


class LogRecord(Struct, frozen=True, kw_only=True):
    """A log line of the engine, credentials removed.

    Attributes:
        level: `warning` or `error`.
        logger: Module that wrote it.
        message: The text.
    """

    level: str
    logger: str
    message: str


BodyT = TypeVar("BodyT")


class Message(Struct, Generic[BodyT], frozen=True, kw_only=True):
    """One wire message.

    Attributes:
        envelope: Identity, time, loss.
        body: The content, of the type the topic table names.
    """

    envelope: Envelope
    body: BodyT
