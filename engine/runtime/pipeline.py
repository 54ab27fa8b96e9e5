"""The live path: threads for every input, one recogniser for all, supervised from the caller's.

::

    capture ──▶ pose ──▶ recognise ──▶ publish
        LATEST     DROP_OLDEST(8)  DROP_OLDEST(64)      a live source
        BLOCK      BLOCK           BLOCK                a file or recording

Capture and pose are threads of each input, recognise and publish are shared. A source of poses
skips the pose stage. An input gives one stream, or one a person where several are tracked. When a
source ends or `stop` is called, each stage finishes what it has and closes its output, so that end
events leave last. An input that fails ends alone; when the last one has ended the first error is
raised. An error of a shared stage stops everything in the same order.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

from engine.clock import NS_PER_MS, NS_PER_S, Clock
from engine.core.batch import StepBatch
from engine.errors import FidgetError, Interrupted
from engine.poses import PoseSample
from engine.runtime.channels import Channel, Policy
from engine.runtime.drops import DropLedger
from engine.runtime.edges import RECOGNISE_PUBLISH
from engine.runtime.inputs import Inputs
from engine.runtime.lanes import Lanes
from engine.runtime.latency import StageLatencies
from engine.runtime.ports import CountsOf, InputParts, Outgoing, Outlet
from engine.runtime.publish_stage import PublishStage, is_pose
from engine.runtime.recognise_stage import RecogniseStage
from engine.runtime.stream_input import JOIN_TIMEOUT_S
from engine.runtime.worker import Failure, Worker

logger = logging.getLogger(__name__)

_INTERRUPT_CHECK_S = 0.1
# Each stream's share of what waits for the publish stage.
_OUTGOING_EACH = 64


class Pipeline:
    """Threads and channels around inputs.

    Args:
        inputs: What it begins with; at least one.
        batch: The recogniser, for all of them.
        outlet: Where everything goes.
        clock: Time.
        latencies: Gets the stages' figures.
        drops: Gets the drops of the shared edge.
        window_ms: How long the recogniser waits for more streams once one has a sample; less when
            that is half of what is left until a deadline.

    Raises:
        ModelError, ConfigError: A stream does not fit the recogniser.
    """

    def __init__(
        self,
        *,
        inputs: list[InputParts],
        batch: StepBatch,
        outlet: Outlet,
        clock: Clock,
        latencies: StageLatencies,
        drops: DropLedger,
        window_ms: float = 0.0,
    ) -> None:
        self._clock = clock
        self._latencies = latencies
        self._drops = drops
        self._window_ms = window_ms
        self._deadline_ms = min(parts.config.deadline_ms for parts in inputs)
        self._several = len(inputs) > 1
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._failure = Failure()
        self._input_failure = Failure()
        self._exit_code = 0
        lanes: Lanes[PoseSample] = Lanes()
        self._inputs = Inputs(lanes, clock=clock, latencies=latencies, failure=self._input_failure)
        live = any(parts.source.live for parts in inputs)
        # Poses are many and each is soon outdated: events outlive them under overload.
        self._outgoing: Channel[Outgoing] = Channel(
            RECOGNISE_PUBLISH,
            Policy.DROP_OLDEST if live else Policy.BLOCK,
            _OUTGOING_EACH * sum(len(parts.streams) for parts in inputs),
            lambda _: drops.add(RECOGNISE_PUBLISH, "overload"),
            sheds_first=is_pose,
        )
        self._stage = RecogniseStage(
            batch,
            lanes,
            self._outgoing.put,
            clock=clock,
            latencies=latencies,
            window_s=self._window_s,
        )
        self._publish_stage = PublishStage(
            self._outgoing,
            outlet,
            counts=self.counts,
            failure=self._failure,
            clock=clock,
            latencies=latencies,
            governor=self._inputs.governor_of,
        )
        for parts in inputs:
            self._join(parts, lambda: None)
        self._stage.admit()
        self._workers = [
            Worker("recognise", self._stage.run, self._close_around_recognise, self._failure),
            Worker("publish", self._publish, self._close_after_publish, self._failure),
        ]

    def counts(self) -> CountsOf:
        """How far each stream has come. Any thread."""
        return self._inputs.counts({self._outgoing.name: len(self._outgoing)}, self._abstained)

    def add(self, parts: InputParts) -> None:
        """Let one more input take part while it runs. Any thread.

        Raises:
            UsageError: There is a stream of one of its names.
        """
        self._several = True
        self._join(parts, lambda: self._inputs.start(parts.config.name))

    def remove(self, name: str) -> None:
        """Let an input end: the gestures of its streams are ended, others go on. Any thread.

        Raises:
            UsageError: There is no input of that name.
        """
        self._inputs.stop(name)

    def run(
        self,
        duration_s: float | None = None,
        interrupted: Callable[[], bool] = lambda: False,
        attend: Callable[[], None] = lambda: None,
    ) -> None:
        """Run until all sources end, the time is over, somebody asks for an end, or it fails.

        Args:
            duration_s: None is without end.
            interrupted: Asked several times a second. A signal handler sets what it reads: it
                must not call `stop`, whose lock the interrupted thread may hold.
            attend: Called several times a second by the caller's own thread; may add and remove
                inputs.

        Raises:
            StageFailed: The first error of a shared stage, else of an input.
        """
        for worker in self._workers:
            worker.start()
        self._inputs.start_all()
        try:
            self._wait(duration_s, interrupted, attend)
        finally:
            self._shut_down()
        self._failure.raise_first()
        self._input_failure.raise_first()

    def stop(self) -> None:
        """Ask for an orderly end. Any thread; not from a signal handler, see `run`."""
        self._stop.set()
        self._wake.set()

    def publish(self, kind: str, body: Any) -> None:
        """Send a message of the session itself (`log`) through the publish stage. Any thread.

        It never waits, for the publish thread itself may be the one that has something to say;
        a message that finds no room is dropped and counted.
        """
        now_ns = self._clock.now_ns()
        if not self._outgoing.offer(Outgoing("", kind, body, 0, now_ns, now_ns)):
            self._drops.add(RECOGNISE_PUBLISH, kind)

    def _wait(
        self,
        duration_s: float | None,
        interrupted: Callable[[], bool],
        attend: Callable[[], None],
    ) -> None:
        end_ns = self._clock.now_ns() + round((duration_s or 0.0) * NS_PER_S)
        while not self._wake.is_set():
            left_s = _INTERRUPT_CHECK_S
            if duration_s is not None:
                left_s = min(left_s, (end_ns - self._clock.now_ns()) / NS_PER_S)
            if interrupted():
                self._exit_code = Interrupted.exit_code
                return
            if left_s <= 0:
                return
            self._clock.wait(self._wake, left_s)
            self._inputs.free_ended()
            self._inputs.check_governors()
            attend()

    def _join(self, parts: InputParts, joined: Callable[[], None]) -> None:
        self._inputs.add(parts, several=self._several)
        self._stage.join(parts, joined)

    def _window_s(self, waiting: list[PoseSample]) -> float:
        """Half of what is left is kept for the step and for publishing."""
        oldest_ns = min(sample.capture_ns for sample in waiting)
        age_ms = (self._clock.now_ns() - oldest_ns) / NS_PER_MS
        return min(self._window_ms, (self._deadline_ms - age_ms) / 2) / 1e3

    def _shut_down(self) -> None:
        self._stop.set()
        self._inputs.end()
        for worker in self._workers:
            if worker.join(JOIN_TIMEOUT_S):
                continue
            self._failure.keep(
                worker.name,
                FidgetError(f"still busy {JOIN_TIMEOUT_S:g} s after it was told to stop"),
            )
            self._abandon(worker)

    def _abandon(self, worker: Worker) -> None:
        """Go on without a stage that does not return: close what it would have closed."""
        {
            "recognise": self._close_around_recognise,
            "publish": self._close_after_publish,
        }[worker.name]()

    # A stage that ends also closes its input: a sender must not wait for a reader that is gone.

    def _close_around_recognise(self) -> None:
        self._inputs.close()
        self._outgoing.close()

    def _close_after_publish(self) -> None:
        self._outgoing.close()
        self._wake.set()

    def _abstained(self, name: str) -> tuple[str, ...]:
        core = self._stage.core_of(name)
        return core.abstained if core else ()

    def _publish(self) -> None:
        self._publish_stage.run(self._outcome)

    def _outcome(self) -> int:
        return self._failure.exit_code or self._input_failure.exit_code or self._exit_code
