"""Engines that run in a process of their own: nothing they do can take this one along."""

import threading
from typing import TypeVar

import numpy as np

from engine.clock import NS_PER_S, Clock, SystemClock
from engine.errors import DeviceError, EngineError, ModelError
from engine.poses import F32, Bools
from engine.serving.backend_spec import BackendSpec
from engine.serving.host_messages import Failed, Open, Opened, Ready, Reply, Step, Stepped
from engine.serving.host_process import HostProcess
from engine.serving.watchdog import Watchdog
from engine.step_graph import StepGraph

BOUND_MS = 250.0
"""How long a step may take before the engine is given up."""

_STARTS_WITHIN_S = 30.0
_LOOKS_EVERY_S = 0.1

_ReplyT = TypeVar("_ReplyT", Ready, Opened)


class HostedEngine:
    """Keeps `StepEngine`; its first failure is its last.

    Input and outputs go through a pipe. That adds about 0.2 ms to a step of one stream (shipped
    model on onnxruntime, two cores of an AMD EPYC: 0.12 ms in this process, 0.31 ms hosted).

    Args:
        name: Of the backend, for messages.
        process: Has the engine open.
        graph: What it runs.
        streams: How many rows it has.
        bound_ms: A step that takes longer is the end of the process.
        clock: Time.
    """

    def __init__(
        self,
        name: str,
        process: HostProcess,
        graph: StepGraph,
        streams: int,
        bound_ms: float,
        clock: Clock,
    ) -> None:
        self.streams = streams
        self.x: F32 = np.zeros((streams, *graph.row), np.float32)
        self.outputs: tuple[F32, ...] = tuple(
            np.zeros((streams, *row), np.float32) for _, row in graph.outputs
        )
        self._name = name
        self._process = process
        self._bound_ms = bound_ms
        self._raw_x = self.x.data.cast("B")
        self._raw_outputs = [output.data.cast("B") for output in self.outputs]
        self._resets: set[int] = set()
        self._over = ""
        self._excused = False
        self._watchdog = Watchdog(f"engine-{process.pid}", bound_ms, self._late, clock)

    @property
    def pid(self) -> int:
        """Of the process it runs in."""
        return self._process.pid

    def step(self, active: Bools) -> None:
        """See `StepEngine.step`.

        Raises:
            EngineError: It did not answer in time, reported an error, gave numbers that are not
                finite, or its process ended. Its process is killed, whatever it was.
        """
        try:
            if self._over:
                raise EngineError(self._over)
            self._excused = False
            with self._watchdog.watching():
                self._exchange(active)
            self._check(active)
        except (EOFError, OSError) as error:
            message = self._over or f"{self._name}: {self._process.how_it_ended()}"
            raise self._ended(message) from error
        except EngineError as error:
            raise self._ended(str(error)) from None

    def reset(self, stream: int) -> None:
        """See `StepEngine.reset`; told together with the next step, so it cannot fail."""
        self._resets.add(stream)

    def abort(self) -> None:
        """Kill the process: a device cannot be stopped half way. Any thread."""
        self._over = self._over or f"{self._name}: its process was stopped on request"
        self._process.kill()

    def close(self) -> None:
        """See `StepEngine.close`; takes a few seconds at most, and leaves no process behind."""
        self._over = self._over or f"{self._name}: is closed"
        self._watchdog.close()
        self._process.close()

    def _exchange(self, active: Bools) -> None:
        resets = tuple(sorted(self._resets))
        self._process.tell(Step(active=active.tobytes(), resets=resets))
        self._process.tell_raw(self._raw_x)
        reply = self._process.hear()
        if not isinstance(reply, Stepped):
            raise _meant(self._name, reply)
        for raw in self._raw_outputs:
            self._process.hear_raw(raw)
        self._resets.clear()

    def _check(self, active: Bools) -> None:
        for output in self.outputs:
            if not np.isfinite(output[active]).all():
                raise EngineError(f"{self._name}: gave numbers that are not finite")

    def _late(self) -> None:
        """The watchdog's thread."""
        if not self._excused and self._process.has_answered():
            self._excused = True  # it is this process that is late; or the answer came half
            return
        self._over = f"{self._name}: no answer for {self._bound_ms:g} ms"
        self._process.kill()

    def _ended(self, message: str) -> EngineError:
        self._over = message
        self._process.kill()
        return EngineError(message)


class HostedBackend:
    """Keeps `Backend`: makes engines in processes of their own, each in a fresh one.

    Args:
        spec: The backend to host.
        bound_ms: A step that takes longer is the end of its engine.
        open_within_s: The same for making one; builds take minutes.
        clock: Time.

    Raises:
        PluginError, ConfigError: See `BackendSpec.make`.
    """

    def __init__(
        self,
        spec: BackendSpec,
        *,
        bound_ms: float = BOUND_MS,
        open_within_s: float = 900.0,
        clock: Clock | None = None,
    ) -> None:
        self.spec = spec
        self._backend = spec.make()
        self.accelerator = self._backend.accelerator
        self._bound_ms = bound_ms
        self._open_within_s = open_within_s
        self._clock = clock or SystemClock()
        self._cancelled = threading.Event()

    def refusal(self) -> str:
        """See `Backend.refusal`; asked in this process."""
        return self._backend.refusal()

    def open(self, graph: StepGraph, streams: int) -> HostedEngine:
        """See `Backend.open`.

        Raises:
            ModelError: The backend says that the graph cannot be run.
            DeviceError: Anything else: no device, a crash, no engine in time, or `cancel`.
        """
        try:
            process = HostProcess()
        except OSError as error:
            raise DeviceError(f"{self.spec.use}: no process can be started: {error}") from error
        try:
            rows = self._opened(process, graph, streams)
        except BaseException:
            process.kill()
            process.close()
            raise
        return HostedEngine(self.spec.use, process, graph, rows, self._bound_ms, self._clock)

    def cancel(self) -> None:
        """Let an `open` that is running, and all later ones, fail soon. Any thread."""
        self._cancelled.set()

    def _opened(self, process: HostProcess, graph: StepGraph, streams: int) -> int:
        try:
            self._expect(process, Ready, _STARTS_WITHIN_S)
            process.tell(Open(backend=self.spec, graph=graph, streams=streams))
            return self._expect(process, Opened, self._open_within_s).streams
        except (EOFError, OSError) as error:
            raise DeviceError(
                f"{self.spec.use}: while the engine was made, {process.how_it_ended()}"
            ) from error

    def _expect(self, process: HostProcess, kind: type[_ReplyT], within_s: float) -> _ReplyT:
        end_ns = self._clock.now_ns() + round(within_s * NS_PER_S)
        while not process.heard(_LOOKS_EVERY_S):
            if self._cancelled.is_set():
                raise DeviceError(f"{self.spec.use}: the making of its engine was cancelled")
            if self._clock.now_ns() > end_ns:
                raise DeviceError(f"{self.spec.use}: gave no engine within {within_s:g} s")
        reply = process.hear()
        if not isinstance(reply, kind):
            raise _meant(self.spec.use, reply)
        return reply


def _meant(name: str, reply: Reply) -> ModelError | EngineError:
    """The error that a reply which is not the expected one stands for."""
    if not isinstance(reply, Failed):
        return EngineError(f"{name}: its process answered with {type(reply).__name__}")
    kind = ModelError if reply.kind == "model" else EngineError
    return kind(f"{name}: {reply.message}")
