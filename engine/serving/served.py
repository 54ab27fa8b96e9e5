"""A step graph on the best backend there is, and on the processor whenever there is none."""

import logging
import threading
from dataclasses import dataclass

from engine.backends import BackendStatus, RunGraph
from engine.clock import NS_PER_MS, Clock, SystemClock
from engine.errors import EngineError
from engine.poses import F32, Bools
from engine.serving.backend_spec import BackendSpec
from engine.serving.candidates import Best, Candidates
from engine.serving.changes import BackendChange, OnChange
from engine.serving.choice import PROCESSOR
from engine.serving.engine_group import EngineGroup
from engine.serving.follower import Follower
from engine.serving.history import TickHistory
from engine.serving.limits import ServingLimits
from engine.serving.processor import WatchedProcessor
from engine.serving.supervisor import Pulse, Supervisor
from engine.serving.trial import Trial
from engine.step_graph import StepGraph

logger = logging.getLogger(__name__)

# What a new engine may lack when the ticks are held up for it.
_LAST_FEW = 2
# An engine that needs more rounds than this many receptive fields will never catch up.
_ROUNDS = 20


@dataclass(frozen=True)
class _Serving:
    """The engines that serve instead of the processor."""

    status: BackendStatus
    group: EngineGroup
    follower: Follower


class ServedGraph:
    """Keeps `GraphRunner`: the processor serves at once, and whenever nothing better does.

    In the background a supervisor makes engines of the candidates in processes of their own,
    compares them with the processor, and brings the best up to the present by running the history
    through it; between two ticks it takes over. When it fails the processor's memory is brought up
    to the present the same way and runs the very tick that failed. So every tick has its outputs,
    and they go on as if nothing had been; what changes is told to `on_change` and logged.

    Rows that there is no room for on the engine that serves are run by the processor until one
    with more room is ready.

    Args:
        graph: What to run.
        processor: Names the backend that runs it in this process.
        candidates: Who may take over.
        limits: Bounds.
        on_change: Is told when another backend serves.
        clock: Time.
    """

    def __init__(
        self,
        graph: StepGraph,
        processor: BackendSpec,
        candidates: Candidates,
        limits: ServingLimits | None = None,
        on_change: OnChange | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._fallback = processor.use
        self._late: Bools | None = None
        self._graph = graph
        self._limits = limits = limits or ServingLimits()
        self._clock = clock = clock or SystemClock()
        self._on_change = on_change
        self._lock = threading.Lock()
        self._history = TickHistory(graph.receptive_field, graph.row)
        follower = Follower(EngineGroup(processor.make(), graph), self._history, graph)
        self._processor = WatchedProcessor(follower, graph.name, limits.bound_ms, clock)
        self._serving: _Serving | None = None
        self._supervisor = Supervisor(
            candidates,
            lambda streams, pulse: Trial(
                graph, processor.make(), streams, clock, limits.check_ticks, pulse
            ),
            self._take_over,
            limits,
            clock,
        )

    @property
    def backend(self) -> BackendStatus:
        """See `GraphRunner.backend`."""
        serving = self._serving
        if serving is not None:
            return serving.status
        return BackendStatus(self._fallback, self._supervisor.message)

    @property
    def late(self) -> Bools | None:
        """See `GraphRunner.late`."""
        return self._late

    def reserve(self, streams: int) -> None:
        """See `GraphRunner.reserve`."""
        with self._lock:
            self._processor.reserve(streams)
            self._history.reserve(streams)
        self._supervisor.want(streams)

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        """See `GraphRunner.step`.

        While an engine serves that takes at most its bound, the processor's time to rebuild its
        memory and to step, see `WatchedProcessor.step`.
        """
        with self._lock:
            self._late = None
            outputs = self._run(x, active)
            self._history.add(x, active)
            return outputs

    def reset(self, stream: int) -> None:
        """See `GraphRunner.reset`."""
        with self._lock:
            self._history.reset(stream)

    def close(self) -> None:
        """See `GraphRunner.close`; takes seconds at most and leaves no process behind."""
        self._supervisor.close()
        with self._lock:
            if self._serving is not None:
                self._serving.group.close()
            self._serving = None
            self._processor.close()

    def _run(self, x: F32, active: Bools) -> tuple[F32, ...]:
        if self._serving is not None:
            try:
                return self._run_on(self._serving, x, active)
            except EngineError as error:
                self._lose(self._serving, str(error))
        return self._on_processor(x, active)

    def _on_processor(self, x: F32, active: Bools) -> tuple[F32, ...]:
        outputs = self._processor.step(x, active)
        self._late = self._processor.late
        return outputs

    def _run_on(self, serving: _Serving, x: F32, active: Bools) -> tuple[F32, ...]:
        room = min(serving.group.room, len(x))
        outputs = serving.follower.step(x[:room], active[:room])
        if room == len(x):
            return outputs
        beyond = active.copy()
        beyond[:room] = False
        joined = self._on_processor(x, beyond)
        for into, output in zip(joined, outputs, strict=True):
            into[:room] = output
        return joined

    def _lose(self, serving: _Serving, reason: str) -> None:
        serving.group.abort()
        self._supervisor.lose(serving.group, reason)
        self._swap(None, reason)

    def _take_over(self, best: Best, pulse: Pulse) -> None:
        """In the supervisor's thread."""
        follower = Follower(best.group, self._history, self._graph)
        for _ in range(_ROUNDS * self._graph.receptive_field):
            pulse()
            with self._lock:
                if follower.missing() <= _LAST_FEW and self._caught_up(follower):
                    before = self._serving
                    status = BackendStatus(best.name, best.reason)
                    self._swap(_Serving(status, best.group, follower), best.reason)
                    break
                x, active = follower.read_missing()
            follower.catch_up(x, active)
        else:
            raise EngineError(f"{best.name}: is slower than the ticks come and cannot catch up")
        if before is not None:
            before.group.close()

    def _caught_up(self, follower: Follower) -> bool:
        """Run the last few, while the next tick waits; False if that takes too long."""
        end_ns = self._clock.now_ns() + round(self._limits.hand_over_ms * NS_PER_MS)
        while follower.missing():
            if self._clock.now_ns() > end_ns:
                return False
            follower.catch_up(*follower.read_missing())
        return True

    def _swap(self, serving: _Serving | None, reason: str) -> None:
        """Let these engines serve, or the processor."""
        before, self._serving = self.backend.name, serving
        after = self.backend.name
        if before == after:
            return
        level = logging.WARNING if after == self._fallback else logging.INFO
        logger.log(level, "%s serves instead of %s: %s", after, before, reason)
        if self._on_change is not None:
            self._on_change(BackendChange(self._clock.now_ns(), before, after, reason))


def served(
    candidates: Candidates,
    limits: ServingLimits | None = None,
    on_change: OnChange | None = None,
) -> RunGraph:
    """Run a graph on the best backend there is; one only, as the candidates are used up by it."""
    processor = BackendSpec(PROCESSOR)
    return lambda graph: ServedGraph(graph, processor, candidates, limits, on_change)
