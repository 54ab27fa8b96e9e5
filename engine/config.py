"""The configuration tree: frozen, typed, checked; an unknown key is an error with its place.

Options of plugins are tables of their own (`[pose.options]`) and are checked by the plugin's
`Config` when it is created.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

Unit = Annotated[float, Meta(ge=0, le=1)]
# The upper bounds refuse `inf`, which TOML can write, and change nothing else.
Seconds = Annotated[float, Meta(ge=0, le=1e9)]
PositiveSeconds = Annotated[float, Meta(gt=0, le=1e9)]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]+$")]
PeopleCount = Annotated[int, Meta(ge=1, le=8)]


class _Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every table of the file."""


class StreamConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One camera and the bounds on it.

    Attributes:
        name: In topics and ids; letters, digits, `_` and `-`.
        deadline_ms: Allowed from capture to publish; later messages say `missed_deadline`.
        age_budget_ms: A live frame older than this is dropped before the pose stage.
        no_frame_after_s: Without a frame for so long, samples that are not valid are given.
    """

    name: Name = "main"
    deadline_ms: PositiveSeconds = 200.0
    age_budget_ms: PositiveSeconds = 500.0
    no_frame_after_s: PositiveSeconds = 0.5


class SourceConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to watch.

    Attributes:
        use: `auto`, a camera index or path, a file, a URL, a recording, `pattern`, or
            `PLUGIN:TARGET`.
        options: Options of the source plugin.
    """

    use: str = "auto"
    options: dict[str, Any] = {}


class PluginConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plugin and its options.

    Attributes:
        use: Name of the plugin.
        options: Its options.
    """

    use: str
    options: dict[str, Any] = {}


class ResampleConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From samples by capture time to ticks at the model's rate.

    Attributes:
        max_gap_s: Longer stretches without a valid sample become gap ticks.
        reset_after_s: A gap this long ends every gesture and resets the model.
    """

    max_gap_s: PositiveSeconds = 0.3
    reset_after_s: PositiveSeconds = 1.0


class ClassDecoderConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Decoder settings of one class.

    None takes the recogniser's own value for the class, and the general one where it has none.
    """

    onset: Unit | None = None
    offset: Unit | None = None
    min_duration_s: Seconds | None = None
    merge_gap_s: Seconds | None = None


class DecoderConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From scores to events.

    A recogniser may recommend values of its own for some classes. They win over the general ones
    given here, as nothing tells a general value that you chose from its default; a value in
    `classes` wins over both. So what you want of a class for sure belongs in `classes`, onset and
    offset together.

    Attributes:
        onset: A gesture begins when its score reaches this.
        offset: It lasts while the score stays at or above this.
        min_duration_s: Shorter ones are never published.
        merge_gap_s: A dip shorter than this does not end a gesture.
        update_every_s: Time between updates of a running gesture.
        abstain_after_s: When the view has not supported a class for so long, its running gesture
            is ended as `view`.
        max_duration_s: A longer one is ended as `split` and begun anew.
        classes: Class slug to its own values; of iMiGUE's classes, or of others that the recogniser
            has.
    """

    onset: Unit = 0.6
    offset: Unit = 0.4
    min_duration_s: Seconds = 0.24
    merge_gap_s: Seconds = 0.3
    update_every_s: PositiveSeconds = 1.0
    abstain_after_s: PositiveSeconds = 1.0
    max_duration_s: PositiveSeconds = 60.0
    classes: dict[str, ClassDecoderConfig] = {}


class EmotionConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The aggregator.

    Attributes:
        enabled: Off publishes no estimate at all.
        memory_s: Evidence fades by 1/e in this time.
        prior_positive: Belief in `positive` before any evidence.
        unknown_strength: Sum of absolute log-odds at which half of the belief is committed.
        decide_above: Smallest belief that makes a verdict other than `unknown`.
        min_coverage: Below this part of observed time the verdict is `unknown`.
        weights: File of fitted weights in place of the shipped table, written by `training
            emotion`; empty is the table.
        allow_synthetic_weights: Take weights that were fitted to simulated people, too. They say
            nothing about real ones: only to try the machinery.
    """

    enabled: bool = True
    memory_s: PositiveSeconds = 60.0
    prior_positive: Annotated[float, Meta(gt=0, lt=1)] = 0.5
    unknown_strength: Annotated[float, Meta(gt=0, le=1e9)] = 0.5
    decide_above: Unit = 0.5
    min_coverage: Unit = 0.3
    weights: str = ""
    allow_synthetic_weights: bool = False


class PersonConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Calibration of the person in view; of several, of the main person.

    Attributes:
        file: Written by `calibrate person`; empty is none.
        max_age_days: Older files are refused.
    """

    file: str = ""
    max_age_days: Annotated[float, Meta(gt=0, le=1e9)] = 90.0


class PeopleConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is watched in one picture.

    Attributes:
        most: So many people are tracked, each in a stream of their own; see `Config.slots`.
    """

    most: PeopleCount = 1


class LatencyConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was measured of this machine.

    Attributes:
        file: Written by `calibrate latency`; empty is none. Its settings hold where this file and
            the command line have none.
    """

    file: str = ""


class FeedConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The PUB socket.

    Attributes:
        enabled: Off binds nothing.
        endpoint: Address to bind.
        insecure: Allow an address other than loopback without protection.
        send_hwm: Messages queued for one subscriber before it loses some.
    """

    enabled: bool = True
    endpoint: str = "tcp://127.0.0.1:5590"
    insecure: bool = False
    send_hwm: Annotated[int, Meta(ge=1)] = 1000


class StreamEntry(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of several streams; its name is the key of its table.

    Attributes:
        source: As `use` of `[source]`.
        options: Options of the source plugin.
        person: Calibration of the person in view, as `file` of `[person]`.
        people: As `most` of `[people]`; without it, that is what holds.
    """

    source: str
    options: dict[str, Any] = {}
    person: str = ""
    people: PeopleCount | None = None


class BatchConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How several streams share the recogniser.

    Attributes:
        window_ms: Once a stream has a tick, wait so long for those of others and step them
            together; never so long that a deadline is at risk. 0 steps what there is.
    """

    window_ms: Annotated[float, Meta(ge=0, le=1000)] = 4.0


class GovernorConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a live run does so that results come within `deadline_ms` of `[stream]`.

    *Slack* is the part of the deadline that a frame leaves unused, by forecast or in fact.

    Attributes:
        enabled: Off takes every frame, publishes every result however late, and stays at full
            quality.
        margin_ms: Kept free when it is forecast how long a frame will take, and put in for each
            stage of which too little is known; an eighth of the deadline at most.
        window_s: Measurements older than this are forgotten.
        probe_after_ms: While the forecast refuses every frame, one is tried after so long.
        climb_slack: A frame with less slack is under pressure.
        climb_after_s: Pressure must last so long before quality is lowered by one level.
        return_slack: Frames must have this much slack, more than `climb_slack`, before quality is
            raised by one level.
        recover_s: The longest way back from the lowest quality to the full one, once a load has
            ended.
        stuck_after_ms: A call of a stage that takes longer is told as stuck.
    """

    enabled: bool = True
    margin_ms: Annotated[float, Meta(ge=0, le=1000)] = 5.0
    window_s: Annotated[float, Meta(ge=0.5, le=60)] = 3.0
    probe_after_ms: Annotated[float, Meta(ge=1, le=10_000)] = 250.0
    climb_slack: Annotated[float, Meta(ge=0, lt=1)] = 0.05
    climb_after_s: Annotated[float, Meta(ge=0.1, le=60)] = 1.0
    return_slack: Annotated[float, Meta(ge=0, lt=1)] = 0.15
    recover_s: Annotated[float, Meta(ge=1, le=60)] = 5.0
    stuck_after_ms: PositiveSeconds = 2000.0


class QualityConfig(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a live stream uses of its frames at its best; the governor lowers it from there.

    Attributes:
        effort: One of the pose plugin's `efforts`; empty is the one it proposes for live streams.
        every: Take one of so many frames.
    """

    effort: str = ""
    every: Annotated[int, Meta(ge=1, le=8)] = 1


class Config(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file, table by table."""

    stream: StreamConfig = StreamConfig()
    source: SourceConfig = SourceConfig()
    pose: PluginConfig = PluginConfig(use="direct")
    recognizer: PluginConfig = PluginConfig(use="graph")
    backend: PluginConfig = PluginConfig(use="onnxruntime")
    resample: ResampleConfig = ResampleConfig()
    decoder: DecoderConfig = DecoderConfig()
    emotion: EmotionConfig = EmotionConfig()
    person: PersonConfig = PersonConfig()
    people: PeopleConfig = PeopleConfig()
    feed: FeedConfig = FeedConfig()
    quality: QualityConfig = QualityConfig()
    latency: LatencyConfig = LatencyConfig()
    governor: GovernorConfig = GovernorConfig()
    streams: dict[Name, StreamEntry] = {}
    batch: BatchConfig = BatchConfig()

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the streams of the one camera: its own, of the main person, then `NAME-2`, …."""
        name = self.stream.name
        return (name, *(f"{name}-{number}" for number in range(2, self.people.most + 1)))

    def of_streams(self) -> "list[Config]":
        """One configuration a camera, each as if it were the only one."""
        if not self.streams:
            return [self]
        return [
            msgspec.structs.replace(
                self,
                stream=msgspec.structs.replace(self.stream, name=name),
                source=SourceConfig(use=entry.source, options=entry.options),
                person=msgspec.structs.replace(self.person, file=entry.person),
                people=PeopleConfig(most=entry.people or self.people.most),
                streams={},
            )
            for name, entry in self.streams.items()
        ]
