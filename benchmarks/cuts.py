"""A camera that is cut and restored: how long until poses flow again, and what spans the gap."""

import time

from benchmarks.processes import Camera, engine_process
from benchmarks.report import Result
from engine.clock import NS_PER_S, SystemClock
from engine.messages import GestureEvent, PoseBody
from engine.wire.received import Received
from engine.wire.subscriber import Subscriber

_UP_S = 3.0
_DOWN_S = 1.5


def cuts(count: int) -> Result:
    """Cut and restore `count` times.

    Returns:
        Seconds from each restoring to the next frame's pose, epochs, and events across a gap.
    """
    clock = SystemClock()
    seen: list[Received] = []
    recovered_s: list[float] = []
    gaps: list[tuple[int, int]] = []
    with (
        Camera() as camera,
        engine_process("--source", camera.url, recorded_pose=True) as engine,
        Subscriber(engine.endpoint, ("pose.", "gesture."), buffer=100_000) as feed,
    ):
        _until_frame(feed, after_ns=0, seen=seen)
        for _ in range(count):
            time.sleep(_UP_S)
            camera.order("cut")
            cut_ns = clock.now_ns()
            time.sleep(_DOWN_S)
            restored_ns = clock.now_ns()
            camera.order("restore")
            frame = _until_frame(feed, after_ns=restored_ns, seen=seen)
            recovered_s.append((frame.received_ns - restored_ns) / NS_PER_S)
            gaps.append((cut_ns, frame.message.envelope.capture_ns))
    epochs = {item.message.envelope.epoch for item in seen}
    return {
        "cuts": count,
        "recovered": len(recovered_s),
        "recovery_s": {
            "median": round(sorted(recovered_s)[len(recovered_s) // 2], 3),
            "max": round(max(recovered_s), 3),
        },
        "epochs": len(epochs),
        "gestures_ended": len(_ends(seen)),
        "gestures_across_a_gap": len(_across(_ends(seen), gaps)),
    }


def _until_frame(feed: Subscriber, *, after_ns: int, seen: list[Received]) -> Received:
    """The first pose made of a frame that was grabbed after `after_ns`."""
    while (item := feed.receive(30.0)) is not None:
        seen.append(item)
        body = item.message.body
        if (
            isinstance(body, PoseBody)
            and body.width_px
            and item.message.envelope.capture_ns > after_ns
        ):
            return item
    raise RuntimeError("no frame within 30 s")


def _ends(seen: list[Received]) -> list[GestureEvent]:
    bodies = [item.message.body for item in seen]
    return [body for body in bodies if isinstance(body, GestureEvent) and body.state == "end"]


def _across(events: list[GestureEvent], gaps: list[tuple[int, int]]) -> list[GestureEvent]:
    return [
        event
        for event in events
        for start_ns, end_ns in gaps
        if event.t_start_ns < start_ns and (event.t_end_ns or 0) >= end_ns
    ]
