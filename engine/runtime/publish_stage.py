"""The publish stage: hands everything to the outlet, and health once a second."""

from collections.abc import Callable

from engine.clock import NS_PER_MS, NS_PER_S, Clock
from engine.poses import NO_FRAME
from engine.runtime.channels import Channel, Closed
from engine.runtime.governor.governor import Governor
from engine.runtime.latency import StageLatencies
from engine.runtime.ports import CountsOf, Outgoing, Outlet
from engine.runtime.worker import Failure

_HEALTH_EVERY_NS = NS_PER_S


class PublishStage:
    """Belongs to one thread.

    Args:
        outgoing: What is to be published.
        outlet: Where everything goes.
        counts: How far the streams have come.
        failure: Gets what the outlet raises.
        clock: Time.
        latencies: Gets `end_to_end`: from capture to published, of poses.
        governor: Of a stream, by its name; None if it has none.
    """

    def __init__(
        self,
        outgoing: Channel[Outgoing],
        outlet: Outlet,
        *,
        counts: Callable[[], CountsOf],
        failure: Failure,
        clock: Clock,
        latencies: StageLatencies,
        governor: Callable[[str], Governor | None],
    ) -> None:
        self._governor = governor
        self._outgoing = outgoing
        self._outlet = outlet
        self._counts = counts
        self._failure = failure
        self._clock = clock
        self._latencies = latencies

    def run(self, outcome: Callable[[], int]) -> None:
        """Until nothing more can come.

        Args:
            outcome: The exit code of the session, asked at the end.
        """
        self._outlet.open()
        try:
            self._serve()
        except Closed:
            return
        except BaseException as error:
            self._failure.keep("publish", error)  # before the outlet tells the exit code
            raise
        finally:
            self._outlet.close(self._counts(), outcome())

    def _serve(self) -> None:
        next_health_ns = self._clock.now_ns()
        while True:
            now_ns = self._clock.now_ns()
            if now_ns >= next_health_ns:
                self._outlet.health(self._counts())
                next_health_ns = max(next_health_ns + _HEALTH_EVERY_NS, now_ns)
            item = self._outgoing.get((next_health_ns - now_ns) / NS_PER_S)
            if item is not None:
                self._put(item)

    def _put(self, item: Outgoing) -> None:
        if not is_pose(item) or item.body.reason == NO_FRAME:
            self._outlet.put(item)
            return
        governor = self._governor(item.stream)
        call = governor.begin("publish", self._clock.now_ns()) if governor else None
        self._outlet.put(item)
        now_ns = self._clock.now_ns()
        self._latencies.add("end_to_end", (now_ns - item.capture_ns) / NS_PER_MS)
        if governor and call:
            governor.end(call, now_ns, since_ns=item.decided_ns)
            governor.published(item.capture_ns, now_ns)


def is_pose(item: Outgoing) -> bool:
    """Whether it is a pose: there are many, and each is soon outdated."""
    return item.kind == "pose"
