"""The recognise stage: samples of all streams in, decisions out, one step for all that are due."""

import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from engine.clock import NS_PER_MS, Clock
from engine.core.batch import StepBatch
from engine.core.stream import Decision, StreamCore
from engine.poses import NO_FRAME, PoseSample
from engine.runtime.channels import Closed
from engine.runtime.governor.governor import LATE_RESULT, Governor
from engine.runtime.governor.watchdog import Call
from engine.runtime.lanes import Lanes
from engine.runtime.latency import StageLatencies
from engine.runtime.ports import InputParts, Outgoing, StreamParts

logger = logging.getLogger(__name__)

WindowOf = Callable[[list[PoseSample]], float]


@dataclass
class _Member:
    """A stream that takes part.

    Attributes:
        parts: Its own.
        core: Its own.
        governor: Of its input; asked whether a sample is late.
        measures: Whether its samples stand for their frames in what the governor measures.
        began_ns: When work on its sample began.
        call: Of that sample, while it is measured.
    """

    parts: StreamParts
    core: StreamCore
    governor: Governor | None
    measures: bool
    began_ns: int = 0
    call: Call | None = None

    @property
    def name(self) -> str:
        return self.parts.name


class RecogniseStage:
    """Steps the recogniser for all streams together. All but `join` belongs to one thread.

    While a step runs, samples of other streams queue up and go into the next one, so batches grow
    by themselves as the load does. A window makes them larger still.

    Args:
        batch: The recogniser.
        lanes: Where the samples come from.
        give: Takes what is to be published; raises `Closed` when nobody will.
        clock: Time.
        latencies: Gets `recognise`: from taking a sample to its decisions.
        window_s: How long to wait for more streams once one has a sample, given the samples that
            wait.
    """

    def __init__(
        self,
        batch: StepBatch,
        lanes: Lanes[PoseSample],
        give: Callable[[Outgoing], None],
        *,
        clock: Clock,
        latencies: StageLatencies,
        window_s: WindowOf = lambda _: 0.0,
    ) -> None:
        self._batch = batch
        self._lanes = lanes
        self._give = give
        self._clock = clock
        self._latencies = latencies
        self._window_s = window_s
        self._members: dict[int, _Member] = {}
        self._joining: list[tuple[InputParts, Callable[[], None]]] = []
        self._lock = threading.Lock()

    def join(self, parts: InputParts, joined: Callable[[], None]) -> None:
        """Let an input's streams take part. Any thread; `joined` is called by the stage's thread.

        Their lanes must be open.
        """
        with self._lock:
            self._joining.append((parts, joined))
        self._lanes.wake()

    def admit(self) -> None:
        """Take in who wants to join. The stage's thread, or before there is one.

        Raises:
            ModelError, ConfigError: A core cannot be made.
        """
        with self._lock:
            joining, self._joining = self._joining, []
        for parts, joined in joining:
            rows = self._free_rows(len(parts.streams))
            self._batch.reserve(rows[-1] + 1)
            for row, stream in zip(rows, parts.streams, strict=True):
                self._members[row] = _Member(
                    stream, stream.core(row), parts.governor, measures=stream is parts.main
                )
            joined()

    def core_of(self, name: str) -> StreamCore | None:
        """The core of a stream, None if it takes no part. Any thread."""
        members = list(self._members.values())
        return next((member.core for member in members if member.name == name), None)

    def run(self) -> None:
        """Until every stream has ended; running gestures are ended whatever happens."""
        try:
            while self._members or self._joining:
                self.admit()
                self._turn()
        except Closed:
            self._finish_all()
        except BaseException:
            self._finish_all()
            raise

    def _free_rows(self, count: int) -> list[int]:
        free = (row for row in itertools.count() if row not in self._members)
        return list(itertools.islice(free, count))

    def _turn(self) -> None:
        busy_rows = self._batch.busy
        busy = {self._members[row].name for row in busy_rows}
        items, ended = self._lanes.take(busy, 0.0 if busy else None, self._window_s)
        rows = {member.name: row for row, member in self._members.items()}
        for name in ended:
            self._finish(rows[name])
        for name, sample in items.items():
            self._take(self._members[rows[name]], sample)
        if self._batch.busy:
            for row, decisions in self._batch.step().items():
                self._done(self._members[row], decisions)

    def _take(self, member: _Member, sample: PoseSample) -> None:
        now_ns = self._clock.now_ns()
        if _expired(member, sample, now_ns):
            member.parts.lose(sample, LATE_RESULT)
        else:
            self._begin(member, sample, now_ns)

    def _begin(self, member: _Member, sample: PoseSample, now_ns: int) -> None:
        member.began_ns = now_ns
        self._give(
            Outgoing(
                member.name,
                "pose",
                sample,
                sample.epoch,
                sample.capture_ns,
                now_ns,
                sample.degrade_level,
            )
        )
        if member.governor and member.measures:
            member.call = member.governor.begin("recognise", now_ns)
        decisions = self._batch.begin(member.core, sample)
        if decisions is not None:
            self._done(member, decisions)

    def _done(self, member: _Member, decisions: list[Decision]) -> None:
        now_ns = self._clock.now_ns()
        self._latencies.add("recognise", (now_ns - member.began_ns) / NS_PER_MS)
        if member.governor and member.call:
            member.governor.end(member.call, now_ns)
        self._tell(member.name, decisions)

    def _tell(self, name: str, decisions: list[Decision]) -> None:
        now_ns = self._clock.now_ns()
        for d in decisions:
            self._give(
                Outgoing(name, d.kind, d.body, d.epoch, d.capture_ns, now_ns, d.degrade_level)
            )

    def _finish(self, row: int) -> None:
        member = self._members.pop(row)
        self._tell(member.name, member.core.finish())

    def _finish_all(self) -> None:
        self._batch.forget()
        try:
            for row in sorted(self._members):
                self._finish(row)
        except Closed:
            logger.warning("end events were not published: the publish stage is gone")


def _expired(member: _Member, sample: PoseSample, now_ns: int) -> bool:
    """Whether it has waited past its deadline. What says that there is no frame is never late."""
    governor = member.governor
    if governor is None or sample.reason == NO_FRAME:
        return False
    return governor.expired("recognise", sample.capture_ns, now_ns, sample.seq)
