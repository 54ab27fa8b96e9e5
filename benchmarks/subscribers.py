"""Does a slow or dead subscriber hold up the publisher? Rounds with and without, interleaved."""

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from benchmarks.listener import SLOW_PART
from benchmarks.report import Result, percentiles
from engine.clock import SystemClock
from engine.config import FeedConfig
from engine.poses import PoseSample
from engine.skeletons import HOLISTIC_75
from engine.wire.encoder import MessageEncoder
from engine.wire.pose_codec import pose_body
from engine.wire.publisher import Publisher
from engine.wire.subscriber import Subscriber

_RATE_HZ = 100.0
# Fills the kernel's buffers and the queue of whoever does not read, before anything is measured.
_FLOOD = 12_000


def subscribers(rounds: int, seconds: float) -> Result:
    """Publish poses at 100 Hz to one good subscriber, alone or beside a slow and a dead one.

    Before each round a flood fills every queue, so that the slow and the dead one lose messages
    all the time while it is measured.

    Args:
        rounds: Of each kind, taken in turn.
        seconds: A round.

    Returns:
        What one publish (encode and send) took and when the good subscriber had it, per kind,
        as medians over rounds; and what the slow subscriber knows of its losses.
    """
    alone, beside, slow = [], [], {"received": 0, "lost_by_seq": 0}
    for _ in range(rounds):
        alone.append(_round(seconds, troubled=False)[0])
        figures, told = _round(seconds, troubled=True)
        beside.append(figures)
        slow = {key: slow[key] + told[key] for key in slow}
    return {
        "rate_hz": _RATE_HZ,
        "rounds": rounds,
        "messages_a_round": alone[0]["publish_ms"]["count"],
        "alone": _medians(alone),
        "with_slow_and_dead": _medians(beside),
        "publish_p99_ratio": round(
            _medians(beside)["publish_ms"]["p99"] / _medians(alone)["publish_ms"]["p99"], 3
        ),
        "delivery_p99_ratio": round(
            _medians(beside)["delivery_ms"]["p99"] / _medians(alone)["delivery_ms"]["p99"], 3
        ),
        "slow_subscriber": slow,
    }


def _round(seconds: float, *, troubled: bool) -> tuple[Result, dict[str, int]]:
    clock = SystemClock()
    # A queue that a slow reader fills within the round.
    config = FeedConfig(endpoint="tcp://127.0.0.1:*", send_hwm=50)
    encoder = MessageEncoder("bench", clock, 200.0, lambda _: {})
    told = {"received": 0, "lost_by_seq": 0}
    with (
        Publisher(config) as publisher,
        Subscriber(publisher.endpoint, ("pose.",), buffer=1_000_000) as good,
    ):
        with _troublemakers(publisher.endpoint, seconds, told, wanted=troubled):
            _until_connected(publisher, encoder, good)
            _send(publisher, encoder, _FLOOD, rate_hz=None)
            start_ns = clock.now_ns()
            publish_ms = _send(publisher, encoder, int(seconds * SLOW_PART * _RATE_HZ), _RATE_HZ)
            # The slow one now reads all it can, which costs this machine a core: not measured.
            end_ns = clock.now_ns()
            _send(publisher, encoder, int(seconds * (1 - SLOW_PART) * _RATE_HZ), _RATE_HZ)
        delivery_ms = []
        while (item := good.receive(0.2)) is not None:
            envelope = item.message.envelope
            if start_ns <= envelope.published_ns < end_ns:
                delivery_ms.append((item.received_ns - envelope.published_ns) / 1e6)
    return {"publish_ms": percentiles(publish_ms), "delivery_ms": percentiles(delivery_ms)}, told


def _send(
    publisher: Publisher, encoder: MessageEncoder, count: int, rate_hz: float | None
) -> list[float]:
    """Publish `count` poses, as fast as it goes without a rate; milliseconds each took."""
    durations, body = [], pose_body(_sample())
    next_s = time.perf_counter()
    for _ in range(count):
        if rate_hz is not None:
            next_s += 1 / rate_hz
            time.sleep(max(0.0, next_s - time.perf_counter()))
        now_ns = time.monotonic_ns()
        start_s = time.perf_counter()
        publisher.send(
            encoder.encode(
                "pose", body, stream="main", epoch=0, capture_ns=now_ns, decided_ns=now_ns
            )
        )
        durations.append((time.perf_counter() - start_s) * 1e3)
    return durations


def _until_connected(publisher: Publisher, encoder: MessageEncoder, good: Subscriber) -> None:
    body = pose_body(_sample())
    while good.receive(0.05) is None:
        publisher.send(
            encoder.encode("pose", body, stream="main", epoch=0, capture_ns=0, decided_ns=0)
        )


@contextmanager
def _troublemakers(
    endpoint: str, seconds: float, told: dict[str, int], *, wanted: bool
) -> Iterator[None]:
    """One subscriber that reads a message a second, one that was stopped after it connected."""
    if not wanted:
        yield
        return
    slow, dead = _listener(endpoint, seconds, 1.0), _listener(endpoint, seconds, 0.0)
    os.kill(dead.pid, signal.SIGSTOP)
    yield
    output, _ = slow.communicate(timeout=seconds + 30)
    told.update(json.loads(output))
    dead.kill()
    dead.communicate()


def _listener(endpoint: str, seconds: float, every_s: float) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "benchmarks.listener", endpoint),
            *("--every", str(every_s), "--seconds", str(seconds)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def _medians(rounds: list[Result]) -> Result:
    return {
        name: {
            key: round(statistics.median(figures[name][key] for figures in rounds), 4)
            for key in ("p50", "p95", "p99")
        }
        for name in rounds[0]
    }


def _sample() -> PoseSample:
    joints = np.random.default_rng(0).random((len(HOLISTIC_75), 3)).astype(np.float32)
    return PoseSample(
        capture_ns=0,
        epoch=0,
        seq=0,
        skeleton=HOLISTIC_75.name,
        joints=joints,
        depth=joints[:, 0].copy(),
        valid=True,
        reason="",
        parts=("body",),
        width_px=640,
        height_px=480,
    )
