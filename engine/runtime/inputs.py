"""The inputs of a pipeline: who takes part, and how far each has come."""

import threading
from collections.abc import Callable

from engine.clock import Clock
from engine.errors import UsageError
from engine.poses import PoseSample
from engine.runtime.governor.governor import Governor
from engine.runtime.lanes import Lanes
from engine.runtime.latency import StageLatencies
from engine.runtime.ports import CountsOf, InputParts
from engine.runtime.stream_input import StreamInput
from engine.runtime.worker import Failure


class Inputs:
    """Makes them, and lets go of those that have ended. Any thread, unless it says otherwise.

    Args:
        lanes: Gets a lane for each stream.
        clock: Time.
        latencies: Gets the figures of their stages.
        failure: Gets the first error of their threads.
    """

    def __init__(
        self,
        lanes: Lanes[PoseSample],
        *,
        clock: Clock,
        latencies: StageLatencies,
        failure: Failure,
    ) -> None:
        self._lanes = lanes
        self._clock = clock
        self._latencies = latencies
        self._failure = failure
        self._lock = threading.Lock()
        self._inputs: dict[str, StreamInput] = {}

    def add(self, parts: InputParts, *, several: bool) -> None:
        """Make one more; `start` begins it.

        Args:
            parts: Of the input.
            several: Whether its stages are to carry its name.

        Raises:
            UsageError: There is a stream of one of its names.
        """
        name = parts.config.name
        with self._lock:
            self._refuse_taken(parts)
            self._inputs[name] = StreamInput(
                parts,
                self._lanes,
                clock=self._clock,
                latencies=self._latencies,
                failure=self._failure,
                suffix=f" of {name}" if several else "",
            )

    def start(self, name: str) -> None:
        """Begin one."""
        self._inputs[name].start()

    def start_all(self) -> None:
        """Begin all there are."""
        for one in self._all():
            one.start()

    def stop(self, name: str) -> None:
        """Ask one for an orderly end.

        Raises:
            UsageError: There is no input of that name.
        """
        with self._lock:
            one = self._inputs.get(name)
        if one is None:
            raise UsageError(f"no input is called '{name}'")
        one.stop()

    def close(self) -> None:
        """Ask all for an end, and close their lanes: nobody reads them any more."""
        for one in self._all():
            one.stop()
            one.close_lanes()

    def end(self) -> None:
        """Stop all, wait, and free their sources. The supervising thread."""
        inputs = self._all()
        for one in inputs:
            one.stop()
        for one in inputs:
            one.end()

    def free_ended(self) -> None:
        """Let go of those that have ended while others go on. The supervising thread."""
        with self._lock:
            ended = [name for name, one in self._inputs.items() if one.ended]
            gone = [self._inputs.pop(name) for name in ended if len(self._inputs) > 1]
        for one in gone:
            one.end()

    def counts(
        self, behind: dict[str, int], abstained: Callable[[str], tuple[str, ...]]
    ) -> CountsOf:
        """How far each stream has come.

        Args:
            behind: Channel behind the inputs to items waiting in it.
            abstained: Gives the classes that the view of a stream does not support now.
        """
        counts: CountsOf = {}
        for one in self._all():
            counts |= one.counts(behind, abstained)
        return counts

    def governor_of(self, name: str) -> Governor | None:
        """Of an input, by the name of its main stream, if it has one."""
        one = self._inputs.get(name)
        return one.parts.governor if one else None

    def check_governors(self) -> None:
        """Let each governor look for calls that do not return."""
        for one in self._all():
            if one.parts.governor:
                one.parts.governor.check(self._clock.now_ns())

    def _refuse_taken(self, parts: InputParts) -> None:
        taken = {stream.name for one in self._inputs.values() for stream in one.parts.streams}
        twice = [stream.name for stream in parts.streams if stream.name in taken]
        if twice:
            raise UsageError(f"two streams are called '{twice[0]}'")

    def _all(self) -> list[StreamInput]:
        with self._lock:
            return list(self._inputs.values())
